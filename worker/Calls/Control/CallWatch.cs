using System.Threading.Channels;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;

namespace ClickToDial.Calls.Control;

/// <summary>
/// One reader of what happens to calls. It is told of each call how it is, not how it came to be so: changes of one call that the
/// reader has not fetched yet become one. Who leaves too many calls unread is told all of them anew instead.
/// </summary>
public sealed class CallWatch : IDisposable
{
    /// <summary>Changed calls that wait for the reader.</summary>
    internal const int Capacity = 256;

    private readonly CallFilter _filter;
    private readonly Func<CallId, CallSnapshot?> _find;
    private readonly Func<CallFilter, IReadOnlyList<CallSnapshot>> _list;
    private readonly Action<CallWatch> _closed;
    private readonly Lock _gate = new();
    private readonly Queue<CallId> _order = new();
    private readonly HashSet<CallId> _waiting = [];
    private readonly Channel<bool> _bell = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    // True at first: the reader knows nothing yet.
    private bool _behind = true;

    /// <param name="find">The call as it is at that moment; null when it has ended so long ago that nobody knows it any more.</param>
    /// <param name="list">The calls under way that match.</param>
    internal CallWatch(
        CallFilter filter, Func<CallId, CallSnapshot?> find, Func<CallFilter, IReadOnlyList<CallSnapshot>> list, Action<CallWatch> closed) =>
        (_filter, _find, _list, _closed) = (filter, find, list, closed);

    /// <summary>What there is to be told next. One reader at a time.</summary>
    /// <returns>Null when the worker has ended its calls and nothing more will come.</returns>
    public async Task<WatchMessage?> ReadAsync(CancellationToken stop)
    {
        while (true)
        {
            if (Next() is { } message) return message;
            if (!await _bell.Reader.WaitToReadAsync(stop)) return Next();
            _bell.Reader.TryRead(out _);
        }
    }

    public void Dispose() => _closed(this);

    /// <summary>Notes that a call has changed; never waits.</summary>
    internal void Note(CallSnapshot call)
    {
        if (!_filter.Matches(call)) return;
        lock (_gate)
        {
            if (_behind || !_waiting.Add(call.CallId)) return;
            if (_order.Count == Capacity) FallBehind();
            else _order.Enqueue(call.CallId);
        }
        _bell.Writer.TryWrite(true);
    }

    /// <summary>What was noted so far is still told, and then the end.</summary>
    internal void Complete() => _bell.Writer.TryComplete();

    private WatchMessage? Next()
    {
        lock (_gate)
        {
            if (!_behind && _order.TryDequeue(out var id))
            {
                _waiting.Remove(id);
                // As it is now, and not as it was when it changed: so nothing is ever told after what followed it.
                if (_find(id) is { } call) return new WatchMessage(WatchKind.Call, call);
                FallBehind();
            }
            if (!_behind) return null;
            _behind = false;
        }
        // A call that changes from here on is noted again, whether or not the list has it so already.
        return new WatchMessage(WatchKind.Calls, Calls: _list(_filter));
    }

    private void FallBehind()
    {
        _behind = true;
        _order.Clear();
        _waiting.Clear();
    }
}
