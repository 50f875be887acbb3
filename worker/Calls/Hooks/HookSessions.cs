using System.Collections.Concurrent;
using System.Net;

namespace ClickToDial.Calls.Hooks;

/// <summary>What is known of a browser that was let in.</summary>
/// <param name="Rules">How its back end wants to be asked.</param>
/// <param name="Source">Where it comes from.</param>
internal sealed record HookSession(HookRules Rules, IPAddress Source, string Domain, DateTimeOffset Until);

/// <summary>The browsers that were let in, by session id, and what each domain's back end said last. Those whose token has long expired are forgotten when there are many.</summary>
internal sealed class HookSessions(TimeProvider time)
{
    private const int Most = 100_000;

    /// <summary>Calls that began under a token go on after it, and so does telling of them.</summary>
    private static readonly TimeSpan After = TimeSpan.FromHours(6);

    private readonly ConcurrentDictionary<string, HookSession> _sessions = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, HookRules> _ofDomains = new(StringComparer.Ordinal);

    public bool TryAdd(string id, HookSession session)
    {
        if (_sessions.Count >= Most) Forget();
        if (_sessions.Count >= Most) return false;
        _sessions[id] = session;
        _ofDomains[session.Domain] = session.Rules;
        return true;
    }

    /// <summary>How the domain's back end last wanted to be asked; null before a browser was let in.</summary>
    public HookRules? RulesOf(string domain) => _ofDomains.GetValueOrDefault(domain);

    public HookSession? Find(string id) => _sessions.GetValueOrDefault(id);

    private void Forget()
    {
        var oldest = time.GetUtcNow() - After;
        foreach (var (id, session) in _sessions)
            if (session.Until < oldest) _sessions.TryRemove(id, out _);
    }
}
