using System.Collections.Concurrent;

namespace ClickToDial.App.Actions.Chains;

/// <summary>
/// Wakes those in this process who wait for a chain's next step. Steps that another process made are found by looking, so a
/// wait has a limit.
/// </summary>
public sealed class ChainWatch(TimeProvider time)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentDictionary<string, TaskCompletionSource> _waiting = new(StringComparer.Ordinal);

    public void Changed(string chainId)
    {
        if (_waiting.TryRemove(chainId, out var waiting)) waiting.TrySetResult();
    }

    /// <summary>To be taken before looking: a change after that is not missed.</summary>
    public Task NextChange(string chainId) =>
        _waiting.GetOrAdd(chainId, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Returns at the change, or when it is time to look.</summary>
    public async Task WaitAsync(string chainId, Task change, CancellationToken stop)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var pause = Task.Delay(Look, time, either.Token);
        if (await Task.WhenAny(change, pause) == change) await either.CancelAsync();
        else if (_waiting.TryGetValue(chainId, out var kept) && kept.Task == change) _waiting.TryRemove(KeyValuePair.Create(chainId, kept));
        stop.ThrowIfCancellationRequested();
    }
}
