using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;

namespace ClickToDial.Core.Calls;

/// <summary>
/// The terminal event of a call that its worker will not end any more. It is no step that the worker told, so it has no number among
/// those: should the worker yet tell its own end, that one takes its place.
/// </summary>
public static class CallClosing
{
    public const int Sequence = 0;

    public static bool IsClosing(CallEvent e) => e.Sequence == Sequence;

    public static CallEvent Terminal(CallRecord row, CallEnd end) => new(
        $"{row.CallId.Value}.closed",
        row.CallId,
        Sequence,
        CallEventType.CallEnded,
        end.At,
        new CallParties(row.Domain, row.Direction, row.User, row.Destination, row.StartedAt ?? row.RequestedAt ?? end.At, row.CallerId, row.Asked),
        Outcome: end.Outcome,
        Legs: end.Legs is { Count: > 0 } legs ? legs : null,
        ConnectedAt: end.ConnectedAt ?? row.ConnectedAt,
        TraceParent: row.TraceParent);
}
