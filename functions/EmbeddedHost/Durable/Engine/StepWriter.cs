using Azure;
using ClickToDial.EmbeddedHost.Durable.History;
using ClickToDial.EmbeddedHost.Durable.Replay;
using ClickToDial.EmbeddedHost.Durable.Storage;
using Microsoft.Extensions.Logging;

namespace ClickToDial.EmbeddedHost.Durable.Engine;

/// <summary>Stores steps, through outages, exactly once, and only while this host owns the instance.</summary>
internal sealed class StepWriter(SessionMemory memory, DurableStorage storage, ISessionHost host, ILogger logger)
{
    public async Task WriteAsync(IReadOnlyList<News> news, TurnResult result, DateTimeOffset now, CancellationToken stop)
    {
        var ids = (CommitId: Guid.NewGuid().ToString("N"), ExecutionId: Guid.NewGuid().ToString("N"));
        var commit = StepPlan.Make(memory, news, result, now, ids);
        var backoff = new Backoff(host.Time);
        for (var tries = 1; ; tries++)
        {
            try
            {
                memory.Apply(commit, await storage.Instances.CommitAsync(commit, memory.ETag, stop));
                break;
            }
            catch (Exception e) when (StorageTrouble.LeavesDoubt(e, stop))
            {
                DurableLog.CommitInDoubt(logger, memory.State.InstanceId, e);
                if (await WasStoredAsync(commit, stop)) break;
                // A row to delete is not there: what this session remembers is not what is stored.
                if (e is RequestFailedException { Status: 404 }) throw;
                // The first time the right ETag may be all that was missing.
                if (tries > 1 || StorageTrouble.IsTransient(e, stop)) await backoff.WaitAsync(stop);
            }
        }
        memory.Heard(news);
    }

    /// <summary>Tries again for as long as storage does not answer.</summary>
    public async Task<T> RetryAsync<T>(Func<Task<T>> work, CancellationToken stop)
    {
        var backoff = new Backoff(host.Time);
        while (true)
        {
            try
            {
                return await work();
            }
            catch (Exception e) when (StorageTrouble.IsTransient(e, stop))
            {
                DurableLog.StorageFailed(logger, memory.State.InstanceId, e);
            }
            await backoff.WaitAsync(stop);
        }
    }

    /// <summary>Reads what is there: the commit itself, the state before it, or another owner's hand.</summary>
    private async Task<bool> WasStoredAsync(InstanceCommit commit, CancellationToken stop)
    {
        var stored = await RetryAsync(() => storage.Instances.LoadAsync(memory.State.InstanceId, stop), stop);
        if (stored is null || !string.Equals(stored.State.Owner, host.HostId, StringComparison.Ordinal))
            throw new OwnershipLostException(memory.State.InstanceId);
        if (string.Equals(stored.State.CommitId, commit.After.CommitId, StringComparison.Ordinal))
        {
            memory.Adopt(stored);
            return true;
        }
        // A fence of our own, or a second look of this host at the instance, moved the ETag and nothing else.
        memory.Moved(memory.State, stored.ETag);
        return false;
    }
}
