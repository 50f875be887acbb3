using System.Collections.Concurrent;
using System.Net;

namespace ClickToDial.Calls.Hooks;

/// <summary>What is known of a browser that was let in.</summary>
/// <param name="Rules">How its back end wants to be asked.</param>
/// <param name="Source">Where it comes from.</param>
/// <param name="User">Whose token it has shown.</param>
/// <param name="Since">When it was let in; kept by whoever keeps it.</param>
internal sealed record HookSession(HookRules Rules, IPAddress Source, string Domain, string User, DateTimeOffset Until, DateTimeOffset Since = default);

/// <summary>
/// The browsers that were let in, by session id, until they have gone, and what each domain's back end said last. Of one user so many
/// only, because one token opens any number of connections; those whose token has expired make room.
/// </summary>
internal sealed class HookSessions(TimeProvider time)
{
    public const int MostOfUser = 64;
    private const int Most = 100_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, HookSession> _sessions = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Domain, string User), HashSet<string>> _ofUsers = [];
    private readonly Dictionary<string, HookSession> _lent = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, HookSession> _ofDomains = new(StringComparer.Ordinal);

    /// <summary>Adds a session, or puts it in the place of the one of that id; false when there are too many.</summary>
    public bool TryAdd(string id, HookSession session)
    {
        session = session with { Since = time.GetUtcNow() };
        lock (_gate)
        {
            var before = _sessions.GetValueOrDefault(id);
            Take(id);
            if (!HasRoom(session))
            {
                if (before is not null) Put(id, before);
                return false;
            }
            Put(id, session);
        }
        Note(session);
        return true;
    }

    /// <summary>Adds a session that another worker has let in, and counts. Of what a back end wants for its domain the last word holds, wherever it was said.</summary>
    /// <param name="since">When it was let in; null, as from a worker of another version, for when it was first heard of.</param>
    public void Lend(string id, HookSession session, DateTimeOffset? since = null)
    {
        var now = time.GetUtcNow();
        lock (_gate)
        {
            var said = since ?? _lent.GetValueOrDefault(id)?.Since ?? now;
            // Clocks differ; none says what is still to come.
            _lent[id] = session = session with { Since = said < now ? said : now };
        }
        Note(session);
    }

    /// <summary>The browser has gone.</summary>
    public void Remove(string id)
    {
        lock (_gate)
        {
            Take(id);
            _lent.Remove(id);
        }
    }

    /// <summary>How the domain's back end last wanted to be asked; null before a browser was let in.</summary>
    public HookRules? RulesOf(string domain) => _ofDomains.GetValueOrDefault(domain)?.Rules;

    public HookSession? Find(string id)
    {
        lock (_gate) return _sessions.GetValueOrDefault(id) ?? _lent.GetValueOrDefault(id);
    }

    /// <summary>The browsers of a user.</summary>
    public IReadOnlyList<string> Of(string domain, string user)
    {
        lock (_gate)
        {
            var lent = _lent.Where(entry => entry.Value.Domain == domain && entry.Value.User == user).Select(entry => entry.Key);
            return [.. _ofUsers.TryGetValue((domain, user), out var own) ? own : [], .. lent];
        }
    }

    private void Note(HookSession session) =>
        _ofDomains.AddOrUpdate(session.Domain, session, (_, known) => session.Since >= known.Since ? session : known);

    private bool HasRoom(HookSession session)
    {
        if (OwnOf(session) >= MostOfUser) Forget(_ofUsers[(session.Domain, session.User)]);
        else if (_sessions.Count >= Most) Forget(_sessions.Keys);
        return _sessions.Count < Most && OwnOf(session) < MostOfUser;
    }

    private int OwnOf(HookSession session) => _ofUsers.GetValueOrDefault((session.Domain, session.User))?.Count ?? 0;

    private void Forget(IEnumerable<string> ids)
    {
        var now = time.GetUtcNow();
        foreach (var id in ids.Where(id => _sessions[id].Until < now).ToList()) Take(id);
    }

    private void Put(string id, HookSession session)
    {
        _sessions[id] = session;
        var key = (session.Domain, session.User);
        if (!_ofUsers.TryGetValue(key, out var own)) _ofUsers[key] = own = new(StringComparer.Ordinal);
        own.Add(id);
    }

    private void Take(string id)
    {
        if (!_sessions.Remove(id, out var session) || !_ofUsers.TryGetValue((session.Domain, session.User), out var own)) return;
        own.Remove(id);
        if (own.Count == 0) _ofUsers.Remove((session.Domain, session.User));
    }
}
