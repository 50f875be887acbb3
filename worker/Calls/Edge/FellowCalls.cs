using System.Collections.Concurrent;
using ClickToDial.Calls.Control;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;

namespace ClickToDial.Calls.Edge;

/// <summary>
/// What another worker has told of its calls: of those whom somebody watches here. Kept while the link is broken and may be back; then the
/// other is asked again for everybody, and its list says what has ended meanwhile. Read from any thread, changed by the link's.
/// </summary>
internal sealed class FellowCalls(EdgeOutbox outbox, CallsElsewhere elsewhere, TimeSpan orderLimit, TimeProvider time)
{
    /// <summary>More than a worker has at once; what it tells beyond is passed over.</summary>
    private const int Most = 65_536;

    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<CallId, CallSnapshot> _calls = new();

    // Whom the other will be told of when the turn has come, and then as it is by then.
    private readonly ConcurrentDictionary<(string Domain, string? User), bool> _waiting = new();

    public FellowOrders Orders { get; } = new(outbox, orderLimit, time);

    public bool Has(CallId id) => _calls.ContainsKey(id);

    public IEnumerable<CallSnapshot> List(CallFilter filter) => _calls.Values.Where(filter.Matches);

    /// <summary>Asks for everybody's calls who is watched, over a socket that has just been opened.</summary>
    public void Begin()
    {
        foreach (var whose in elsewhere.Watched) Follow(whose);
    }

    /// <summary>Asks for the calls of a user, or says that nobody wants to know of them any more.</summary>
    public void Follow((string Domain, string? User) whose)
    {
        if (!_waiting.TryAdd(whose, true)) return;
        outbox.Tell(() =>
        {
            _waiting.TryRemove(whose, out _);
            return EdgeNews.Write(new EdgeNews { Watch = new EdgeWatch(whose.Domain, whose.User, elsewhere.IsWatched(whose)) });
        });
    }

    /// <summary>Forgets the calls of a user whom nobody watches any more.</summary>
    public void Prune((string Domain, string? User) whose)
    {
        if (elsewhere.IsWatched(whose)) return;
        // What comes in at this moment is either seen here, or sees that nobody watches.
        lock (_gate)
            foreach (var (id, call) in _calls)
                if (!elsewhere.Concerns(call)) _calls.TryRemove(id, out _);
    }

    public void Take(EdgeNews news)
    {
        if (news.Call is { Call: { Domain: not null, User: not null, Destination: not null } } call) Learn(call);
        else if (news.Over is { } over) End(over);
        else if (news.Calls is { Domain: { } domain, Ids: { } ids } calls) Compare(new CallFilter(domain, calls.User), [.. ids]);
        else if (news.Done is { } done) Orders.Answer(done);
    }

    /// <summary>The other worker is gone, and its calls with it.</summary>
    public void Forget()
    {
        _waiting.Clear();
        Orders.Forget();
        lock (_gate)
        {
            if (_calls.IsEmpty) return;
            _calls.Clear();
        }
        elsewhere.Changed?.Invoke(null);
    }

    private void Learn(CallSnapshot call)
    {
        lock (_gate)
        {
            // Nobody who left meanwhile took it away before: see Prune.
            if (call.State == CallState.Ended) _calls.TryRemove(call.CallId, out _);
            else if (elsewhere.Concerns(call) && (_calls.Count < Most || _calls.ContainsKey(call.CallId))) _calls[call.CallId] = call;
        }
        elsewhere.Changed?.Invoke(call);
    }

    private void End(CallId id)
    {
        if (_calls.TryRemove(id, out var call)) elsewhere.Changed?.Invoke(call);
    }

    private void Compare(CallFilter filter, HashSet<CallId> underWay)
    {
        foreach (var call in List(filter))
            if (!underWay.Contains(call.CallId)) End(call.CallId);
    }
}
