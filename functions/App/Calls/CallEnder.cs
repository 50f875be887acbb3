using ClickToDial.Core.Access;
using ClickToDial.Core.Calls;
using ClickToDial.Core.Problems;

namespace ClickToDial.App.Calls;

/// <summary>Ends calls for the API.</summary>
public sealed class CallEnder(CallReader reader, IWorkerClient worker, CallCloser closer, TimeProvider time)
{
    /// <summary>Within it, a call that the worker does not know may still be on its way there; beyond, the worker refuses it.</summary>
    private static readonly TimeSpan Placing = PlacedCall.Transit + TimeSpan.FromSeconds(10);

    public async Task<Problem?> HangUpAsync(Principal principal, string id, CancellationToken stop)
    {
        var found = await reader.FindAsync(principal, id, stop);
        if (!found.IsOk) return found.Problem;
        // An end that the sweep made up is none that the worker knows of: the call may be up there yet.
        if (found.Value.Row.IsEndedByWorker) return null;
        return await worker.HangUpAsync(found.Value.Row.CallId, stop) switch
        {
            WorkerView.Known => null,
            WorkerView.Unknown => await EndUnknownAsync(found.Value, stop),
            _ => KnownProblems.WorkerUnavailable,
        };
    }

    private async Task<Problem?> EndUnknownAsync(StoredCall stored, CancellationToken stop)
    {
        if (!stored.Row.IsOpen) return null;
        var now = time.GetUtcNow();
        var neverTaken = stored.Row.Seen.Count == 0;
        if (neverTaken && now - stored.Row.LastNewsAt < Placing) return KnownProblems.CallBeingPlaced;
        var end = neverTaken ? CallEnd.Cancelled(now) : CallEnd.Lost(stored.Row, now);
        return await closer.TryCloseAsync(stored, end, stop) ? null : KnownProblems.CallBeingPlaced;
    }
}
