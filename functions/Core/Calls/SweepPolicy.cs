using ClickToDial.Contracts.Calls;

namespace ClickToDial.Core.Calls;

/// <summary>Decides whether an open call has lost its worker.</summary>
public static class SweepPolicy
{
    public static bool IsDue(CallRecord row, DateTimeOffset now, SweepTimes times) =>
        row.IsOpen && now - (row.LastNewsAt ?? DateTimeOffset.MinValue) >= times.Quiet;

    public static SweepDecision Decide(CallRecord row, WorkerView view, DateTimeOffset now, SweepTimes times)
    {
        if (!IsDue(row, now, times)) return new SweepDecision.Leave();
        var gone = now - (row.LastNewsAt ?? DateTimeOffset.MinValue) >= times.WorkerGone;
        return view switch
        {
            WorkerView.Unknown => new SweepDecision.Close(Lost(row)),
            WorkerView.Unreachable when gone => new SweepDecision.Close(Lost(row)),
            // Its own terminal event is on the way; only when that never comes is the snapshot taken for it.
            WorkerView.Known { Snapshot: { State: CallState.Ended, Outcome: { } outcome } } when gone => new SweepDecision.Close(outcome),
            WorkerView.Known { Snapshot.State: not CallState.Ended } => new SweepDecision.Confirm(),
            _ => new SweepDecision.Leave(),
        };
    }

    private static CallOutcome Lost(CallRecord row) =>
        new(CallResult.Failed, row.Seen.Count == 0 ? CallReasons.WorkerUnavailable : CallReasons.WorkerLost);
}
