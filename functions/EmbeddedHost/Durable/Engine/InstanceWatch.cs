using System.Collections.Concurrent;

namespace ClickToDial.EmbeddedHost.Durable.Engine;

/// <summary>Tells those who wait for an instance that it has changed in this process.</summary>
internal sealed class InstanceWatch
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _changes = new(StringComparer.Ordinal);

    /// <summary>Completes at the next change after this call.</summary>
    public Task Next(string instanceId) =>
        _changes.GetOrAdd(instanceId, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void Changed(string instanceId)
    {
        if (_changes.TryRemove(instanceId, out var change)) change.SetResult();
    }
}
