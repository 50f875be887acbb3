using ClickToDial.Core.Calls;

namespace ClickToDial.App.Calls;

/// <summary>Asks the worker about one open call and does what the policy says.</summary>
public sealed class CallInquiry(ICallStore calls, IWorkerClient worker, CallCloser closer, TimeProvider time)
{
    /// <param name="askWorker">False when the worker is known not to answer now.</param>
    public async Task<InquiryResult> AskAsync(StoredCall stored, SweepTimes times, bool askWorker, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        if (!SweepPolicy.IsDue(stored.Row, now, times)) return InquiryResult.Left;
        var view = askWorker ? await worker.GetAsync(stored.Row.CallId, stop) : new WorkerView.Unreachable();
        switch (SweepPolicy.Decide(stored.Row, view, now, times))
        {
            case SweepDecision.Confirm:
                await calls.TryReplaceAsync(stored, stored.Row with { ConfirmedAt = now }, stop);
                return InquiryResult.Left;
            case SweepDecision.Doubt:
                await calls.TryReplaceAsync(stored, stored.Row with { DoubtedAt = now }, stop);
                goto default;
            case SweepDecision.Close close when await closer.TryCloseAsync(stored, close.End, stop):
                return InquiryResult.Closed;
            default:
                return view is WorkerView.Unreachable ? InquiryResult.WorkerUnreachable : InquiryResult.Left;
        }
    }
}
