using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;

namespace ClickToDial.Core.Calls;

/// <summary>How a call ended that its worker did not tell the end of.</summary>
public sealed record CallEnd(
    CallOutcome Outcome,
    DateTimeOffset At,
    DateTimeOffset? ConnectedAt = null,
    IReadOnlyList<LegSummary>? Legs = null)
{
    /// <summary>The worker has lost the call. It ends at the last sign of it: later nobody knows.</summary>
    public static CallEnd Lost(CallRecord row, DateTimeOffset now)
    {
        var result = row.ConnectedAt is null ? CallResult.Failed : CallResult.Answered;
        var reason = row.Seen.Count == 0 ? CallReasons.WorkerUnavailable : CallReasons.WorkerLost;
        return new CallEnd(new CallOutcome(result, reason), row.LastSignAt ?? now);
    }

    /// <summary>Given up by the API before a worker had it.</summary>
    public static CallEnd Cancelled(DateTimeOffset now) => new(new CallOutcome(CallResult.Cancelled, CallReasons.HungUpByApi), now);

    /// <summary>As the worker has it; null while it is up there.</summary>
    public static CallEnd? Of(CallSnapshot snapshot, DateTimeOffset now) =>
        snapshot is { State: CallState.Ended, Outcome: { } outcome }
            ? new CallEnd(outcome, snapshot.EndedAt ?? now, snapshot.ConnectedAt, snapshot.Legs)
            : null;
}
