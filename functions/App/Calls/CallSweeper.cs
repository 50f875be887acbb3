using ClickToDial.Core.Calls;
using ClickToDial.Core.Directory;
using Microsoft.Extensions.Logging;

namespace ClickToDial.App.Calls;

/// <summary>Looks for open calls that have gone quiet, and ends those whose worker has lost them; not just after the start.</summary>
public sealed partial class CallSweeper(
    IDirectoryReader directory, ICallStore calls, CallInquiry inquiry, CallOptions options, TimeProvider time, ILogger<CallSweeper> logger)
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
                if (await calls.FindAsync(domain, id, stop) is not { } stored) continue;
                var result = await inquiry.AskAsync(stored, times, workerAnswers, stop);
                // Once is enough to wait for a worker that does not answer.
                workerAnswers &= result != InquiryResult.WorkerUnreachable;
                if (result == InquiryResult.Closed) closed++;
            }

        if (closed > 0) LogClosed(closed);
    }

    [LoggerMessage(1030, LogLevel.Warning, "Closed {Count} calls that had lost their worker")]
    private partial void LogClosed(int count);
}
