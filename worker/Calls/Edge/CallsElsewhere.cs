using System.Collections.Immutable;
using ClickToDial.Calls.Control;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;

namespace ClickToDial.Calls.Edge;

/// <summary>
/// Calls that live at other workers, of users whom somebody watches here: known for as long, and commanded there. Thread-safe.
/// </summary>
internal sealed class CallsElsewhere(Func<ImmutableArray<FellowLink>> links)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Domain, string? User), int> _watched = [];

    /// <summary>Told of each call that has changed or ended; null when several may have. From any thread: must not block.</summary>
    public Action<CallSnapshot?>? Changed { get; set; }

    /// <summary>Whose calls are wanted; a domain without a user stands for all of it.</summary>
    public IReadOnlyList<(string Domain, string? User)> Watched
    {
        get
        {
            lock (_gate) return [.. _watched.Keys];
        }
    }

    /// <summary>Somebody wants to know of a user's calls from now on; they become known a moment later.</summary>
    /// <param name="user">Null for all of the domain.</param>
    public void Watch(string domain, string? user) => Count((domain, user), 1);

    /// <summary>Takes one <see cref="Watch"/> back.</summary>
    public void Unwatch(string domain, string? user) => Count((domain, user), -1);

    public bool IsWatched((string Domain, string? User) whose)
    {
        lock (_gate) return _watched.ContainsKey(whose);
    }

    /// <summary>The call is one of those that somebody watches.</summary>
    public bool Concerns(CallSnapshot call)
    {
        var (domain, user) = (call.Call.Domain, call.Call.User);
        lock (_gate)
            return _watched.ContainsKey((domain, null)) || _watched.ContainsKey((domain, user))
                || (call.Call.Direction == CallDirection.Internal && _watched.ContainsKey((domain, call.Call.Destination)));
    }

    /// <summary>The calls under way that match and that are watched.</summary>
    public IEnumerable<CallSnapshot> List(CallFilter filter) => links().SelectMany(link => link.Calls.List(filter));

    /// <summary>What the worker calls itself that has the call; null when none is known to have it.</summary>
    public FellowLink? OwnerOf(CallId id)
    {
        foreach (var link in links())
            if (link.Calls.Has(id)) return link;
        return null;
    }

    private void Count((string Domain, string? User) whose, int by)
    {
        lock (_gate)
        {
            var before = _watched.GetValueOrDefault(whose);
            var after = before + by;
            if (after == 0) _watched.Remove(whose);
            else _watched[whose] = after;
            if (before > 0 == after > 0) return;
        }
        foreach (var link in links()) link.Follow(whose);
    }
}
