using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using ClickToDial.EmbeddedHost.Durable.History;
using Microsoft.Extensions.Logging;

namespace ClickToDial.EmbeddedHost.Durable.Engine;

/// <summary>Runs what steps ask for beside the sessions: activities, a limited number at once, and the start of sub-orchestrations.</summary>
internal sealed class TaskRunner(DurableFunctions functions, TimeProvider time, int mostActivities, ILogger logger) : IDisposable
{
    private readonly SemaphoreSlim _slots = new(mostActivities, mostActivities);
    private readonly CancellationTokenSource _closed = new();
    private readonly CancellationTokenSource _cancel = new();
    private readonly ConcurrentDictionary<Task, bool> _running = new();

    public void RunActivity(InstanceSession session, InstanceState state, ActivityScheduled activity) => Track(async () =>
    {
        try
        {
            await _slots.WaitAsync(_closed.Token);
        }
        catch (OperationCanceledException)
        {
            return;
        }
        try
        {
            if (await functions.RunActivityAsync(state.InstanceId, activity, _cancel.Token) is { } answer)
                session.Post(new Answered(state.ExecutionId, time.GetUtcNow(), answer));
        }
        finally
        {
            _slots.Release();
        }
    }, state.InstanceId);

    public void Run(Func<CancellationToken, Task> work, string instanceId) => Track(() => work(_closed.Token), instanceId);

    /// <summary>Starts nothing more and waits for what runs; cancels it when <paramref name="patience"/> is over.</summary>
    public async Task StopAsync(CancellationToken patience)
    {
        await _closed.CancelAsync();
        var running = Task.WhenAll(_running.Keys);
        try
        {
            await running.WaitAsync(patience);
        }
        catch (OperationCanceledException)
        {
            DurableLog.ActivitiesAbandoned(logger, _running.Count);
            await _cancel.CancelAsync();
        }
    }

    public void Dispose()
    {
        _slots.Dispose();
        _closed.Dispose();
        _cancel.Dispose();
    }

    private void Track(Func<Task> work, string instanceId)
    {
        if (_closed.IsCancellationRequested) return;
        var task = Task.Run(() => GuardAsync(work, instanceId));
        _running[task] = true;
        _ = task.ContinueWith(static (ended, all) => ((ConcurrentDictionary<Task, bool>)all!).TryRemove(ended, out _), _running, TaskScheduler.Default);
    }

    [SuppressMessage("Design", "CA1031", Justification = "The task stays open in history and runs again when the instance is next taken up.")]
    private async Task GuardAsync(Func<Task> work, string instanceId)
    {
        try
        {
            await work();
        }
        catch (OperationCanceledException)
        {
            // The host stops; the task is open still.
        }
        catch (Exception e)
        {
            DurableLog.SessionFailed(logger, instanceId, e);
        }
    }
}
