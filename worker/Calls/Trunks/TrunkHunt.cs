using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Directory;
using ClickToDial.Sip.Messages;

namespace ClickToDial.Calls.Trunks;

/// <summary>One try to reach a number: by this server of this trunk, in a place of its own.</summary>
internal sealed record TrunkAttempt(Trunk Trunk, TrunkTarget Server, IDisposable Place);

/// <summary>
/// The servers and trunks that one call may try, best first: trunk by trunk as they were routed, and within a trunk by
/// priority and, where that is equal, by chance after their weights. Belongs to one call.
/// </summary>
internal sealed class TrunkHunt(IReadOnlyList<Trunk> trunks, TrunkLoad load, ITrunkStates states, Random random)
{
    private readonly Queue<Trunk> _trunks = new(trunks);
    private readonly Queue<(Trunk Trunk, TrunkTarget Server)> _servers = new();
    private readonly HashSet<TrunkTarget> _tried = [];

    /// <summary>A trunk was passed over because of its cap.</summary>
    public bool FoundFull { get; private set; }

    /// <summary>A trunk was passed over because it may use none of the call's codecs.</summary>
    public bool FoundMute { get; set; }

    /// <summary>Whether another server may know better (RFC 3261 sections 16.7, 21.3 and 21.5): silence, 408, who sends us elsewhere, and the servers' own failures.</summary>
    /// <param name="status">Final response; 0 for none.</param>
    public static bool IsWorthAnother(int status) => status is 0 or (>= 300 and < 400) or 408 or (>= 500 and < 600);

    /// <summary>Whether the server itself is in trouble: silence, and what it says of itself. Other failures are those of one call.</summary>
    /// <param name="said">Final response as it came; 0 for none.</param>
    public static bool ShowsTrouble(int said) => said is 0 or 503;

    /// <summary>What to try next; null when there is nothing left.</summary>
    public TrunkAttempt? Next()
    {
        while (true)
        {
            while (_servers.TryDequeue(out var next))
            {
                if (load.TryEnter(next.Trunk, CallDirection.Outbound) is { } place)
                {
                    _tried.Add(next.Server);
                    return new TrunkAttempt(next.Trunk, next.Server, place);
                }
                FoundFull = true;
                _servers.Clear();
            }
            if (!_trunks.TryDequeue(out var trunk)) return null;
            foreach (var server in Ordered(trunk))
                if (states.IsUp(trunk, server)) _servers.Enqueue((trunk, server));
        }
    }

    /// <summary>
    /// A server has answered with a 3xx. Another server of the trunk that it names is next, unless it was tried; else the trunk is done
    /// with, as its other servers would say the same.
    /// </summary>
    /// <param name="target">Whom it names; null for nobody.</param>
    /// <param name="number">The number that is called, before the trunk's rules.</param>
    public void Redirect(TrunkAttempt by, SipUri? target, string number)
    {
        var named = target is { IsSip: true } && target.User == by.Trunk.Outbound.Apply(number, NumberSide.Called)
            ? by.Trunk.Servers.FirstOrDefault(server => IsAt(server.Uri, target) && !_tried.Contains(server) && states.IsUp(by.Trunk, server))
            : null;
        var others = _servers.Where(next => named is not null && next.Server != named).ToList();
        _servers.Clear();
        if (named is not null) _servers.Enqueue((by.Trunk, named));
        foreach (var next in others) _servers.Enqueue(next);
    }

    private static bool IsAt(SipUri server, SipUri named) =>
        PortOf(server) == PortOf(named) && string.Equals(server.Host, named.Host, StringComparison.OrdinalIgnoreCase);

    private static int PortOf(SipUri uri) => uri.Port != 0 ? uri.Port : uri.IsSecure || uri.Transport == "tls" ? 5061 : 5060;

    private IEnumerable<TrunkTarget> Ordered(Trunk trunk)
    {
        foreach (var group in trunk.Servers.GroupBy(server => server.Priority).OrderBy(group => group.Key))
        {
            var left = group.ToList();
            while (left.Count > 0)
            {
                var chosen = left.Count == 1 ? left[0] : Draw(left);
                left.Remove(chosen);
                yield return chosen;
            }
        }
    }

    private TrunkTarget Draw(List<TrunkTarget> servers)
    {
        var ticket = random.Next(servers.Sum(server => server.Weight));
        return servers.First(server => (ticket -= server.Weight) < 0);
    }
}

/// <summary>What is known of the servers of trunks. Read from every thread.</summary>
internal interface ITrunkStates
{
    bool IsUp(Trunk trunk, TrunkTarget server);

    /// <summary>How a call went at a server: an answer of any kind, or silence or trouble of its own.</summary>
    void Report(Trunk trunk, TrunkTarget server, bool alive);
}
