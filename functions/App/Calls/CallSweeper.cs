using ClickToDial.App.Adapters;
using ClickToDial.App.Hosting;
using ClickToDial.Contracts.Calls;
using ClickToDial.Core.Calls;
using ClickToDial.Core.Directory;
using Microsoft.Extensions.Logging;

namespace ClickToDial.App.Calls;

/// <summary>Looks for open calls that have gone quiet, and ends those whose worker has lost them; not just after the start.</summary>
public sealed partial class CallSweeper(
    IDirectoryReader directory, ICallStore calls, CallInquiry inquiry, CallOptions options, AppMetrics metrics,
    TimeProvider time, ILogger<CallSweeper> logger)
{
    private readonly long _since = time.GetTimestamp();

    public async Task SweepAsync(CancellationToken stop)
    {
        var times = options.SweepTimes();
        if (time.GetElapsedTime(_since) < times.Again) return;
        var view = await directory.GetAsync(stop);
        var workerAnswers = true;
        var closed = 0;
        foreach (var domain in view.Domains.Keys)
            await foreach (var id in calls.OpenAsync(domain, stop))
            {
                var result = await LookAfterAsync(domain, id, times, workerAnswers, stop);
                // Once is enough to wait for a worker that does not answer.
                workerAnswers &= result != InquiryResult.WorkerUnreachable;
                if (result == InquiryResult.Closed) closed++;
            }

        if (closed > 0) LogClosed(closed);
    }

    private async Task<InquiryResult> LookAfterAsync(string domain, CallId id, SweepTimes times, bool workerAnswers, CancellationToken stop)
    {
        try
        {
            return await calls.FindAsync(domain, id, stop) is { } stored
                ? await inquiry.AskAsync(stored, times, workerAnswers, stop)
                : InquiryResult.Left;
        }
        catch (Exception e) when (!StorageFailure.IsUnavailable(e) && e is not QueueUnavailableException)
        {
            // A row that cannot be read keeps no other call from being looked after.
            LogSkipped(id, e);
            metrics.RowSkipped("call");
            return InquiryResult.Left;
        }
    }

    [LoggerMessage(1031, LogLevel.Error, "Call {Call} cannot be looked after")]
    private partial void LogSkipped(CallId call, Exception error);

    [LoggerMessage(1030, LogLevel.Warning, "Closed {Count} calls that had lost their worker")]
    private partial void LogClosed(int count);
}
