using ClickToDial.EmbeddedHost.Durable.History;
using ClickToDial.EmbeddedHost.Durable.Storage;

namespace ClickToDial.EmbeddedHost.Durable.Engine;

/// <summary>Stores new instances and hands them to this process's engine, or leaves them for any.</summary>
internal sealed class InstanceStarter(DurableStorage storage, DurableEngine engine)
{
    /// <summary>False when an instance of this id exists that must not be replaced.</summary>
    public Task<bool> TryStartAsync(NewInstance wanted, CancellationToken cancel) =>
        engine.WhileStartingAsync(wanted.InstanceId, () => StartAsync(wanted, cancel));

    private async Task<bool> StartAsync(NewInstance wanted, CancellationToken cancel)
    {
        // First the index: an instance without an entry would never be found again after a crash.
        var host = await engine.HostIdAsync(cancel);
        var active = await storage.Active.SetAsync(wanted.InstanceId, host, cancel);
        var start = new Message(engine.Time.GetUtcNow(), new ExecutionStarted(wanted.Input));
        while (true)
        {
            var state = Head(wanted, host, start.At, generation: 1);
            var etag = await storage.Instances.TryCreateAsync(state, start, cancel);
            if (etag is null)
            {
                var old = await storage.Instances.LoadAsync(wanted.InstanceId, cancel);
                if (old is null) continue;
                if (!old.State.HasEnded || wanted.Keep.Contains(old.State.Status)) return false;
                state = Head(wanted, host, start.At, old.State.Generation + 1);
                etag = await storage.Instances.TryReplaceAsync(state, start, old, cancel);
                if (etag is null) continue;
            }
            var inbox = start with { Rows = InstanceStore.StartRows(start) };
            if (host.Length > 0) engine.Take(new StoredInstance(state, etag.Value, [], [inbox], [], [], []), active);
            return true;
        }
    }

    private static InstanceState Head(NewInstance wanted, string host, DateTimeOffset now, int generation) => new()
    {
        InstanceId = wanted.InstanceId,
        Name = wanted.Name,
        ExecutionId = Guid.NewGuid().ToString("N"),
        Generation = generation,
        CreatedAt = now,
        UpdatedAt = now,
        StartAt = wanted.StartAt,
        Input = StepPlan.Fits(wanted.Input) ? wanted.Input : null,
        InputElsewhere = !StepPlan.Fits(wanted.Input),
        Parent = wanted.Parent,
        Tags = wanted.Tags,
        Owner = host,
        CommitId = Guid.NewGuid().ToString("N"),
    };
}
