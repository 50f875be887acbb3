using System.Collections.Concurrent;

namespace ClickToDial.Sip.Endpoint;

/// <summary>Tasks that nobody awaits while they run, so that the end can wait for all of them.</summary>
internal sealed class BackgroundTasks
{
    private readonly ConcurrentDictionary<Task, bool> _running = new();

    /// <summary>Takes a task that reports its own errors.</summary>
    public void Add(Task task)
    {
        if (task.IsCompleted) return;
        _running[task] = true;
        _ = task.ContinueWith(done => _running.TryRemove(done, out _), CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    public Task WhenAllAsync() => Task.WhenAll(_running.Keys);
}
