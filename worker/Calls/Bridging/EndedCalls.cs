using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;

namespace ClickToDial.Calls.Bridging;

/// <summary>The last so many calls that have ended, for who asks late or commands twice. Thread-safe.</summary>
internal sealed class EndedCalls(int capacity)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<CallId, (CallSnapshot, OriginateCommand?)> _calls = [];
    private readonly Queue<CallId> _order = new();

    public void Add(CallSnapshot snapshot, OriginateCommand? command)
    {
        lock (_gate)
        {
            if (_calls.TryAdd(snapshot.CallId, (snapshot, command))) _order.Enqueue(snapshot.CallId);
            if (_order.Count > capacity) _calls.Remove(_order.Dequeue());
        }
    }

    public (CallSnapshot Snapshot, OriginateCommand? Command)? Find(CallId id)
    {
        lock (_gate) return _calls.TryGetValue(id, out var ended) ? ended : null;
    }
}
