using ClickToDial.Calls.Control;

namespace ClickToDial.Calls.Bridging;

/// <summary>The last orders of one call by their command ids, so that a repeat does nothing twice. Kept with the call after its end.</summary>
internal sealed class CommandMemory
{
    private const int Kept = 64;

    private readonly Dictionary<string, (CallOrder Order, OrderVerdict Verdict)> _known = [];
    private readonly Queue<string> _order = new();

    public int Count => _known.Count;

    /// <summary>How the same order was taken before, or that its id belongs to another; null when it is new.</summary>
    public OrderVerdict? Recall(CallOrder order)
    {
        if (order.CommandId is not { } id || !_known.TryGetValue(id, out var before)) return null;
        return before.Order == order ? before.Verdict : OrderVerdict.Conflict;
    }

    /// <summary>Only what was done is remembered: what was refused may be tried again under its id.</summary>
    public void Note(CallOrder order, OrderVerdict verdict)
    {
        if (verdict != OrderVerdict.Done || order.CommandId is not { } id || !_known.TryAdd(id, (order, verdict))) return;
        _order.Enqueue(id);
        if (_order.Count > Kept) _known.Remove(_order.Dequeue());
    }
}
