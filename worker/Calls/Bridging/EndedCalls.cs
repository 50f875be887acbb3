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

/// <summary>The last so many calls that have ended, for who asks late or commands twice; fewer where they are large. Thread-safe.</summary>
/// <param name="mostBytes">Of memory, estimated: a call that was forked and transferred often weighs as much as twenty others.</param>
internal sealed class EndedCalls(int capacity, long mostBytes)
{
    private const int CallWeight = 1500;
    private const int LegWeight = 700;
    private const int OrderWeight = 300;

    private readonly Lock _gate = new();
    private readonly Dictionary<CallId, EndedCall> _calls = [];
    private readonly Queue<(CallId Id, int Weight)> _order = new();
    private long _bytes;

    /// <summary>Calls that are kept.</summary>
    public int Count
    {
        get { lock (_gate) return _calls.Count; }
    }

    public void Add(EndedCall call)
    {
        var (id, weight) = (call.Snapshot.CallId, WeightOf(call));
        lock (_gate)
        {
            if (!_calls.TryAdd(id, call)) return;
            _order.Enqueue((id, weight));
            _bytes += weight;
            while (_order.Count > capacity || (_bytes > mostBytes && _order.Count > 1))
            {
                var oldest = _order.Dequeue();
                _calls.Remove(oldest.Id);
                _bytes -= oldest.Weight;
            }
        }
    }

    public EndedCall? Find(CallId id)
    {
        lock (_gate) return _calls.GetValueOrDefault(id);
    }

    private static int WeightOf(EndedCall call) =>
        CallWeight + ((call.Snapshot.Legs?.Count ?? 0) * LegWeight) + ((call.Orders?.Count ?? 0) * OrderWeight);
}
