using System.Collections.Concurrent;
using ClickToDial.Contracts.Calls;

namespace ClickToDial.Calls.Edge;

/// <summary>A worker that calls our phones. It stays known for a while when its socket breaks: it may well come again, with its calls.</summary>
internal sealed class EdgeGuest(TimeProvider time)
{
    private readonly Lock _gate = new();
    private EdgeSocket? _socket;
    private long _since = time.GetTimestamp();
    private int _orders;
    private volatile TaskCompletionSource<int>? _using;

    public EdgeOutbox Outbox { get; } = new();

    /// <summary>Users of whom it will be told.</summary>
    public ConcurrentDictionary<(string Domain, string User), bool> Waiting { get; } = new();

    /// <summary>Whose calls it wants to know of; a domain without a user stands for all of it. Told anew over each socket.</summary>
    public ConcurrentDictionary<(string Domain, string? User), bool> Watched { get; } = new();

    /// <summary>Calls of which it will be told.</summary>
    public ConcurrentDictionary<CallId, bool> WaitingCalls { get; } = new();

    /// <summary>Calls under way of which it was told.</summary>
    public ConcurrentDictionary<CallId, bool> Told { get; } = new();

    /// <summary>Users of whose calls it will get the list.</summary>
    public ConcurrentDictionary<(string Domain, string? User), bool> WaitingLists { get; } = new();

    public bool IsPresent
    {
        get
        {
            lock (_gate) return _socket is not null;
        }
    }

    /// <summary>Counts an order that it gave; false when too many are not answered yet.</summary>
    public bool TryOrder(int most)
    {
        if (Interlocked.Increment(ref _orders) <= most) return true;
        OrderIsAnswered();
        return false;
    }

    /// <summary>Asks how many of its dialogs lead over phones here.</summary>
    public Task<int> AskUse()
    {
        var answer = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        _using = answer;
        Outbox.Tell(() => EdgeNews.Write(new EdgeNews { IsLeaving = true }));
        return answer.Task;
    }

    public void HearUse(int dialogs) => _using?.TrySetResult(dialogs);

    public void OrderIsAnswered() => Interlocked.Decrement(ref _orders);

    public bool HasGone(TimeSpan hold)
    {
        lock (_gate) return _socket is null && time.GetElapsedTime(_since) >= hold;
    }

    public bool IsServedBy(EdgeSocket socket)
    {
        lock (_gate) return _socket == socket;
    }

    /// <returns>The socket in whose place this one is, which it has lost before we have noticed.</returns>
    public EdgeSocket? Come(EdgeSocket socket)
    {
        lock (_gate)
        {
            var before = _socket;
            _socket = socket;
            return before;
        }
    }

    public void Leave(EdgeSocket socket)
    {
        lock (_gate)
        {
            if (_socket == socket) (_socket, _since) = (null, time.GetTimestamp());
        }
    }
}
