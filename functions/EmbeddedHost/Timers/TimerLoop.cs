using ClickToDial.EmbeddedHost.Functions;
using ClickToDial.EmbeddedHost.Invocation;
using ClickToDial.EmbeddedHost.Runtime;
using Microsoft.Extensions.Logging;

namespace ClickToDial.EmbeddedHost.Timers;

/// <summary>
/// Runs one timer function, one run at a time: a run that takes longer than the distance to the next is followed by one run at
/// once, however many were due.
/// </summary>
internal sealed class TimerLoop(TimerPlan plan, FunctionRunner runner, TimeProvider time, ILogger logger)
{
    private static readonly Dictionary<string, object?> NoData = [];

    /// <summary>Timers cannot be armed for much longer than a month at once.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private static readonly TimeSpan StorageRetry = TimeSpan.FromSeconds(2);

    private DateTime Now => time.GetUtcNow().UtcDateTime;

    public async Task RunAsync(CancellationToken stop, CancellationToken cancel)
    {
        try
        {
            var check = await BeginAsync(stop);
            var status = check.Status;
            HostLog.TimerScheduled(logger, plan.Function.Name, status.Next);
            if (check.IsPastDue || plan.RunOnStartup) status = await InvokeAsync(status, check.IsPastDue, stop, cancel);
            while (true)
            {
                await WaitUntilAsync(status.Next, stop);
                status = await InvokeAsync(status, isPastDue: false, stop, cancel);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked to stop.
        }
    }

    /// <summary>Reads what is stored; a monitored timer waits for its storage rather than run twice.</summary>
    private async Task<ScheduleCheck> BeginAsync(CancellationToken stop)
    {
        if (plan.Store is null) return MissedRuns.Check(stored: null, plan.Schedule, Now);
        while (true)
        {
            try
            {
                var stored = await plan.Store.ReadAsync(plan.Function.Name, stop);
                var check = MissedRuns.Check(stored, plan.Schedule, Now);
                if (check.Changed) await plan.Store.WriteAsync(plan.Function.Name, check.Status, stop);
                return check;
            }
            catch (Exception e) when (StorageErrors.IsOutage(e))
            {
                stop.ThrowIfCancellationRequested();
                HostLog.TimerStorageDown(logger, plan.Function.Name, StorageErrors.Reason(e));
                await Task.Delay(StorageRetry, time, stop);
            }
        }
    }

    private async Task WaitUntilAsync(DateTime due, CancellationToken stop)
    {
        for (var left = due - Now; left > TimeSpan.Zero; left = due - Now)
            await Task.Delay(left < LongestWait ? left : LongestWait, time, stop);
        stop.ThrowIfCancellationRequested();
    }

    private async Task<ScheduleStatus> InvokeAsync(
        ScheduleStatus status, bool isPastDue, CancellationToken stop, CancellationToken cancel)
    {
        var ran = Now;
        var info = new TimerInfo { IsPastDue = isPastDue, ScheduleStatus = plan.Store is null ? null : status };
        await runner.RunInScopeAsync(plan.Function, info, NoData, cancel);
        var next = new ScheduleStatus { Last = ran, Next = plan.Schedule.Next(ran), LastUpdated = ran };
        await SaveAsync(next, stop);
        HostLog.TimerScheduled(logger, plan.Function.Name, next.Next);
        return next;
    }

    /// <summary>Even while stopping: a run that is not written down would be made up for at the next start.</summary>
    private async Task SaveAsync(ScheduleStatus status, CancellationToken stop)
    {
        if (plan.Store is null) return;
        try
        {
            await plan.Store.WriteAsync(plan.Function.Name, status, CancellationToken.None);
        }
        catch (Exception e) when (StorageErrors.IsOutage(e))
        {
            HostLog.TimerNotSaved(logger, plan.Function.Name, StorageErrors.Reason(e));
        }
        stop.ThrowIfCancellationRequested();
    }
}
