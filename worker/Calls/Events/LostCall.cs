using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;

namespace ClickToDial.Calls.Events;

/// <summary>The end of a call whose worker died with it.</summary>
internal static class LostCall
{
    public static CallEvent Terminal(CallEvent open, DateTimeOffset now, string worker) => new(
        CallEvent.IdFor(open.CallId, open.Sequence + 1),
        open.CallId,
        open.Sequence + 1,
        CallEventType.CallEnded,
        now,
        open.Call,
        worker,
        Outcome: new CallOutcome(open.ConnectedAt is null ? CallResult.Failed : CallResult.Answered, CallReasons.WorkerLost),
        Legs: [],
        ConnectedAt: open.ConnectedAt,
        TraceParent: open.TraceParent);
}
