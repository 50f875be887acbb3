using System.Collections.Concurrent;
using System.Net;
using ClickToDial.Calls.Hooks;
using ClickToDial.Calls.Registrar;
using ClickToDial.Sip.Transport;

namespace ClickToDial.Calls.Edge;

/// <summary>What is known of another worker's phones. Read from any thread, changed by the link's.</summary>
/// <param name="rules">Gets those of browsers there, while they are known.</param>
/// <param name="own">The registrations here: a device that has moved there is not here any more.</param>
internal sealed class FellowPhones(HookSessions rules, BindingStore own)
{
    // Connections that have ended, of which calls under way may still think. When they are forgotten, the other worker says again that one has ended.
    private const int MostGone = 4096;

    private readonly ConcurrentDictionary<(string Domain, string User), IReadOnlyList<Binding>> _users = new();
    private readonly ConcurrentDictionary<SipFlow, BrowserSession> _browsers = new();
    private readonly ConcurrentDictionary<string, BrowserSession> _sessions = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<SipFlow, bool> _gone = new();
    // Only the link's thread looks here. A proxy in front of the other worker that restarts ends all its connections at once.
    private readonly Dictionary<SipFlow, HashSet<(string Domain, string User)>> _byFlow = [];
    private HashSet<(string, string)>? _told;

    /// <summary>Users with registrations there.</summary>
    public int UserCount => _users.Count;

    public bool IsGone(SipFlow flow) => _gone.ContainsKey(flow);

    public IReadOnlyList<Binding> Find(string domain, string user) => _users.GetValueOrDefault((domain, user)) ?? [];

    public BrowserSession? SessionOver(SipFlow flow) => _browsers.GetValueOrDefault(flow);

    public BrowserSession? SessionOf(string id) => _sessions.GetValueOrDefault(id);

    /// <summary>All will be told again.</summary>
    public void Begin() => _told = [];

    /// <summary>All has been told: who was not among it has gone.</summary>
    public void End()
    {
        if (_told is not { } told) return;
        _told = null;
        foreach (var key in _users.Keys.Where(key => !told.Contains(key))) Set(key, []);
    }

    public void Learn(EdgeUser user, string name)
    {
        var key = (user.Domain, user.User);
        _told?.Add(key);
        var bindings = (user.Bindings ?? []).Where(binding => IPEndPoint.TryParse(binding.Source, out _)).Select(binding => binding with { Edge = name }).ToList();
        Set(key, bindings);
        foreach (var binding in bindings)
        {
            _gone.TryRemove(binding.Flow, out _);
            own.MoveAway(binding);
        }
        foreach (var session in user.Sessions ?? []) Learn(session, name);
    }

    /// <summary>A connection there has ended.</summary>
    public void Fail(SipFlow flow)
    {
        if (_gone.Count >= MostGone) _gone.Clear();
        _gone[flow] = true;
        Leave(flow);
        if (!_byFlow.TryGetValue(flow, out var users)) return;
        foreach (var key in users.ToList()) Set(key, [.. Find(key.Domain, key.User).Where(binding => !binding.Flow.Equals(flow))]);
    }

    /// <summary>Something came over it.</summary>
    public void Hear(SipFlow flow) => _gone.TryRemove(flow, out _);

    /// <returns>The connections that led to phones.</returns>
    public IReadOnlyList<SipFlow> Forget()
    {
        var flows = _byFlow.Keys.Where(flow => flow.IsReliable).ToList();
        _users.Clear();
        _byFlow.Clear();
        foreach (var flow in _browsers.Keys) Leave(flow);
        _gone.Clear();
        _told = null;
        return flows;
    }

    private void Set((string Domain, string User) key, List<Binding> bindings)
    {
        foreach (var flow in Find(key.Domain, key.User).Select(binding => binding.Flow))
            if (_byFlow.TryGetValue(flow, out var users) && users.Remove(key) && users.Count == 0) _byFlow.Remove(flow);
        foreach (var flow in bindings.Select(binding => binding.Flow))
        {
            if (!_byFlow.TryGetValue(flow, out var users)) _byFlow[flow] = users = [];
            users.Add(key);
        }
        if (bindings.Count == 0) _users.TryRemove(key, out _);
        else _users[key] = bindings;
    }

    private void Learn(EdgeSession session, string name)
    {
        if (!IPEndPoint.TryParse(session.Source, out var source)) return;
        var flow = new SipFlow(session.Transport, source) { Edge = name };
        if (_browsers.GetValueOrDefault(flow) is { } before && before.Id != session.Id) Leave(flow);
        var identity = session.Identity;
        rules.Lend(
            session.Id, new HookSession(HookRules.Read(session.Rules), source.Address, identity.Domain, identity.User, identity.ExpiresAt), session.Since);
        _sessions[session.Id] = _browsers[flow] = new BrowserSession(session.Id, "", identity) { Flow = flow };
    }

    private void Leave(SipFlow flow)
    {
        if (!_browsers.TryRemove(flow, out var session)) return;
        rules.Remove(session.Id);
        _sessions.TryRemove(session.Id, out _);
    }
}
