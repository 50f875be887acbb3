using System.Collections.Concurrent;

namespace ClickToDial.App.Actions.Chains;

/// <summary>
/// Wakes those in this process who wait for a chain's next step. Steps that another process made are found by looking, so a
/// wait has a limit.
/// </summary>
public sealed class ChainWatch(TimeProvider time)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentDictionary<string, TaskCompletionSource<ShowWork?>> _waiting = new(StringComparer.Ordinal);

    /// <param name="shown">What it shows now, as it was stored; null when it has ended or is to be looked at.</param>
    public void Changed(string chainId, ShowWork? shown = null)
    {
        if (_waiting.TryRemove(chainId, out var waiting)) waiting.TrySetResult(shown);
    }

    /// <summary>To be taken before looking: a change after that is not missed.</summary>
    public Task<ShowWork?> NextChange(string chainId) =>
        _waiting.GetOrAdd(chainId, _ => new TaskCompletionSource<ShowWork?>(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Returns at the change, or when it is time to look.</summary>
    /// <returns>What is shown now; null to look.</returns>
    public async Task<ShowWork?> WaitAsync(string chainId, Task<ShowWork?> change, CancellationToken stop)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var pause = Task.Delay(Look, time, either.Token);
        if (await Task.WhenAny(change, pause) == change) await either.CancelAsync();
        else if (_waiting.TryGetValue(chainId, out var kept) && kept.Task == change) _waiting.TryRemove(KeyValuePair.Create(chainId, kept));
        stop.ThrowIfCancellationRequested();
        return change.IsCompletedSuccessfully ? await change : null;
    }
}
