using ClickToDial.Calls.Control;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;

namespace ClickToDial.Calls.Bridging;

/// <param name="Command">What began it; null where that is not known.</param>
/// <param name="Orders">What it was told to do, by command ids; null where that is not known.</param>
internal sealed record EndedCall(CallSnapshot Snapshot, OriginateCommand? Command = null, CommandMemory? Orders = null)
{
    /// <summary>The same order again is answered as the first time; for another one it is too late.</summary>
    public OrderAnswer Take(CallOrder order)
    {
        var verdict = Orders?.Recall(order) ?? OrderVerdict.Ended;
        return new OrderAnswer(verdict, verdict == OrderVerdict.Done ? Snapshot : null);
    }
}

/// <summary>The last so many calls that have ended, for who asks late or commands twice. Thread-safe.</summary>
internal sealed class EndedCalls(int capacity)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<CallId, EndedCall> _calls = [];
    private readonly Queue<CallId> _order = new();

    public void Add(EndedCall call)
    {
        var id = call.Snapshot.CallId;
        lock (_gate)
        {
            if (_calls.TryAdd(id, call)) _order.Enqueue(id);
            if (_order.Count > capacity) _calls.Remove(_order.Dequeue());
        }
    }

    public EndedCall? Find(CallId id)
    {
        lock (_gate) return _calls.GetValueOrDefault(id);
    }
}
