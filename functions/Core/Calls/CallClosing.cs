using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;

namespace ClickToDial.Core.Calls;

/// <summary>The terminal event of a call that its worker will not end any more.</summary>
public static class CallClosing
{
    public static CallEvent Terminal(CallRecord row, CallOutcome outcome, DateTimeOffset now)
    {
        var sequence = row.Seen.Max + 1;
        return new CallEvent(
            // Not IdFor: the worker may yet tell a step of that number, and ids are unique.
            $"{row.CallId.Value}.closed",
            row.CallId,
            sequence,
            CallEventType.CallEnded,
            now,
            new CallParties(row.Domain, row.Direction, row.User, row.Destination, row.StartedAt ?? row.RequestedAt ?? now, row.CallerId),
            Outcome: outcome,
            ConnectedAt: row.ConnectedAt,
            TraceParent: row.TraceParent);
    }
}
