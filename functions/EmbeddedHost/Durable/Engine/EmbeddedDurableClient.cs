using System.Text.Json;
using ClickToDial.EmbeddedHost.Durable.Client;
using ClickToDial.EmbeddedHost.Durable.History;
using ClickToDial.EmbeddedHost.Durable.Storage;
using Microsoft.Extensions.Options;

namespace ClickToDial.EmbeddedHost.Durable.Engine;

/// <summary>The client that functions get; works on the tables, and on the sessions of this process directly.</summary>
internal sealed class EmbeddedDurableClient(
    DurableFunctions functions, DurableStorage storage, DurableEngine engine, InstanceReader reader, IOptions<JsonSerializerOptions> json)
    : DurableTaskClient("embedded")
{
    /// <summary>How long a change made by another process may go unseen.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    public override async Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName, object? input = null, StartOrchestrationOptions? options = null, CancellationToken cancellation = default)
    {
        if (!functions.HasOrchestrator(orchestratorName.Name))
            throw new ArgumentException($"There is no orchestrator function '{orchestratorName}', or it is disabled.", nameof(orchestratorName));
        var id = options?.InstanceId ?? Guid.NewGuid().ToString("N");
        DurableKeys.RefuseBadInstanceId(id);
        await storage.EnsureReadyAsync(cancellation);
        var wanted = new NewInstance(id, orchestratorName.Name, Write(input))
        {
            StartAt = options?.StartAt,
            Tags = options?.Tags,
            Keep = [.. (options?.DedupeStatuses ?? []).Select(s => Enum.Parse<OrchestrationRuntimeStatus>(s, ignoreCase: true))],
        };
        if (await new InstanceStarter(storage, engine).TryStartAsync(wanted, cancellation)) return id;
        throw new InvalidOperationException($"An instance '{id}' exists and has not ended.");
    }

    public override Task RaiseEventAsync(
        string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        return TellAsync(instanceId, new EventRaised(eventName, Write(eventPayload)), cancellation);
    }

    public override Task TerminateInstanceAsync(
        string instanceId, TerminateInstanceOptions? options = null, CancellationToken cancellation = default) =>
        TellAsync(instanceId, new Terminated(Write(options?.Output), options?.Recursive ?? false), cancellation);

    public override Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        TellAsync(instanceId, new Suspended(reason), cancellation);

    public override Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        TellAsync(instanceId, new Resumed(reason), cancellation);

    public override Task<OrchestrationMetadata> WaitForInstanceStartAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        WaitAsync(instanceId, state => state.Status != OrchestrationRuntimeStatus.Pending, getInputsAndOutputs, cancellation);

    public override Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        WaitAsync(instanceId, state => state.HasEnded, getInputsAndOutputs, cancellation);

    public override async Task<OrchestrationMetadata?> GetInstancesAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
    {
        DurableKeys.RefuseBadInstanceId(instanceId);
        await storage.EnsureReadyAsync(cancellation);
        return await storage.Instances.ReadStateAsync(instanceId, cancellation) is { } found
            ? await reader.DescribeAsync(found.State, getInputsAndOutputs, cancellation)
            : null;
    }

    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null) =>
        new InstancePages(reader, filter ?? new OrchestrationQuery());

    public override async Task<PurgeResult> PurgeInstanceAsync(
        string instanceId, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        DurableKeys.RefuseBadInstanceId(instanceId);
        await storage.EnsureReadyAsync(cancellation);
        return new PurgeResult(await PurgeAsync(instanceId, options?.Recursive ?? false, cancellation), isComplete: true);
    }

    public override async Task<PurgeResult> PurgeAllInstancesAsync(
        PurgeInstancesFilter filter, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var ids = new List<string>();
        await foreach (var found in GetAllInstancesAsync(new OrchestrationQuery(filter.CreatedFrom, filter.CreatedTo, filter.Statuses))
            .WithCancellation(cancellation))
            if (found.IsCompleted) ids.Add(found.InstanceId);
        var count = 0;
        foreach (var id in ids) count += await PurgeAsync(id, options?.Recursive ?? false, cancellation);
        return new PurgeResult(count, isComplete: true);
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task TellAsync(string instanceId, HistoryEvent what, CancellationToken cancel)
    {
        DurableKeys.RefuseBadInstanceId(instanceId);
        var now = engine.Time.GetUtcNow();
        await engine.TellAsync(instanceId, DurableKeys.Message(now, reader.NextMessageName()), new Message(now, what), cancel);
    }

    private async Task<OrchestrationMetadata> WaitAsync(
        string instanceId, Func<InstanceState, bool> reached, bool payloads, CancellationToken cancel)
    {
        DurableKeys.RefuseBadInstanceId(instanceId);
        await storage.EnsureReadyAsync(cancel);
        while (true)
        {
            var change = engine.Watch.Next(instanceId);
            var found = await storage.Instances.ReadStateAsync(instanceId, cancel)
                ?? throw new InvalidOperationException($"There is no instance '{instanceId}'.");
            if (reached(found.State)) return await reader.DescribeAsync(found.State, payloads, cancel);
            using var look = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            await Task.WhenAny(change, Task.Delay(LookAgain, engine.Time, look.Token));
            await look.CancelAsync();
            cancel.ThrowIfCancellationRequested();
        }
    }

    private async Task<int> PurgeAsync(string instanceId, bool recursive, CancellationToken cancel)
    {
        if (await storage.Instances.LoadAsync(instanceId, cancel) is not { State.HasEnded: true } stored) return 0;
        var count = 0;
        if (recursive)
            foreach (var child in stored.Turns.SelectMany(t => t.Actions).OfType<SubOrchestrationScheduled>())
                count += await PurgeAsync(child.InstanceId, recursive, cancel);
        await storage.Instances.PurgeAsync(instanceId, cancel);
        return count + 1;
    }

    private string? Write(object? value) => value is null ? null : JsonSerializer.Serialize(value, value.GetType(), json.Value);
}
