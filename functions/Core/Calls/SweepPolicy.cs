using ClickToDial.Contracts.Calls;

namespace ClickToDial.Core.Calls;

/// <summary>
/// Decides whether an open call has lost its worker. Silence is counted by when news came in, not by when it happened, and nothing ends
/// at the first look: after an outage the worker's own news is still on its way.
/// </summary>
public static class SweepPolicy
{
    public static bool IsDue(CallRecord row, DateTimeOffset now, SweepTimes times) =>
        row is { IsOpen: true, IsForeign: false } && now - (row.LastNewsAt ?? DateTimeOffset.MinValue) >= times.Quiet;

    public static SweepDecision Decide(CallRecord row, WorkerView view, DateTimeOffset now, SweepTimes times)
    {
        if (!IsDue(row, now, times)) return new SweepDecision.Leave();
        if (view is WorkerView.Known { Snapshot.State: not CallState.Ended }) return new SweepDecision.Confirm();
        if (row.DoubtedAt is not { } doubted || doubted <= row.LastNewsAt) return new SweepDecision.Doubt();
        if (now - doubted < times.Again) return new SweepDecision.Leave();
        var gone = now - (row.LastNewsAt ?? DateTimeOffset.MinValue) >= times.WorkerGone;
        return view switch
        {
            WorkerView.Unknown => new SweepDecision.Close(CallEnd.Lost(row, now)),
            WorkerView.Unreachable when gone => new SweepDecision.Close(CallEnd.Lost(row, now)),
            // Its own terminal event is on the way; only when that never comes is the snapshot taken for it.
            WorkerView.Known { Snapshot: var snapshot } when gone && CallEnd.Of(snapshot, now) is { } end => new SweepDecision.Close(end),
            _ => new SweepDecision.Leave(),
        };
    }
}
