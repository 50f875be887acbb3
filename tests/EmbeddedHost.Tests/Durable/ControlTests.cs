using ClickToDial.EmbeddedHost.Durable;
using ClickToDial.EmbeddedHost.Durable.Client;
using ClickToDial.EmbeddedHost.Tests.Support;
using ClickToDial.TestKit.Azure;
using ClickToDial.TestKit.Events;

namespace ClickToDial.EmbeddedHost.Tests.Durable;

/// <summary>What a client can do with an instance whose code begins anew at every step.</summary>
public sealed class ControlTests(AzuriteFixture azurite) : ControlCases(azurite, keepsCode: false);

/// <summary>The same with code that is kept between its steps.</summary>
public sealed class KeptControlTests(AzuriteFixture azurite) : ControlCases(azurite, keepsCode: true);

public abstract class ControlCases(AzuriteFixture azurite, bool keepsCode) : IAsyncLifetime
{
    private readonly ArmingClock _clock = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private DurableRig _rig = null!;

    private DurableTaskClient Client => _rig.Client;

    public async ValueTask InitializeAsync()
    {
        AzuriteFixture.SkipIfMissing();
        _rig = await DurableRig.StartAsync(azurite, DurableRig.NewHub(), [typeof(LifecycleFunctions)], _clock, keepsCode: keepsCode);
    }

    public async ValueTask DisposeAsync()
    {
        if (_rig is not null) await _rig.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Suspended_KeepsEventsUntilResumed()
    {
        var id = await StartAsync(nameof(LifecycleFunctions.Steps));
        await Client.SuspendInstanceAsync(id, "a pause");
        await StatusAsync(id, OrchestrationRuntimeStatus.Suspended);
        await Client.RaiseEventAsync(id, "letter", "a");
        await Client.RaiseEventAsync(id, "letter", "b");
        Assert.Equal(0, _rig.Journal.CountOf("step a"));
        await Client.ResumeInstanceAsync(id);
        Assert.Equal("ab", (await _rig.EndOfAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Suspended_CanBeTerminated()
    {
        var id = await StartAsync(nameof(LifecycleFunctions.Steps));
        await Client.SuspendInstanceAsync(id);
        await Client.TerminateInstanceAsync(id, "over");
        var end = await _rig.EndOfAsync(id);
        Assert.Equal(OrchestrationRuntimeStatus.Terminated, end.RuntimeStatus);
        Assert.Equal("over", end.ReadOutputAs<string>());
    }

    [Fact]
    public async Task Terminated_DropsTheAnswerOfWhatStillRuns()
    {
        var id = await StartAsync(nameof(LifecycleFunctions.Collect), new LifecycleFunctions.Collected(7, ""));
        await _rig.Journal.WaitAsync("entered round 7");
        await Client.TerminateInstanceAsync(id);
        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await _rig.EndOfAsync(id)).RuntimeStatus);
        _rig.Journal.Open("round 7");
        await _rig.StopAsync();
        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await Client.GetInstanceAsync(id))!.RuntimeStatus);
    }

    [Fact]
    public async Task StartAt_KeepsTheInstancePendingUntilThen()
    {
        var id = await Client.ScheduleNewOrchestrationInstanceAsync(
            nameof(LifecycleFunctions.Child), "x", new StartOrchestrationOptions(StartAt: _clock.GetUtcNow().AddHours(1)));
        await _clock.Armed.WaitAsync(a => a == TimeSpan.FromHours(1), "the start");
        Assert.Equal(OrchestrationRuntimeStatus.Pending, (await Client.GetInstanceAsync(id))!.RuntimeStatus);
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal("X", (await _rig.EndOfAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task SameId_IsRefusedWhileRunning_AndReusedAfterwards()
    {
        await Client.ScheduleNewOrchestrationInstanceAsync(nameof(LifecycleFunctions.Steps), new StartOrchestrationOptions("again"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => Client.ScheduleNewOrchestrationInstanceAsync(
            nameof(LifecycleFunctions.Child), "x", new StartOrchestrationOptions("again")));
        await Client.TerminateInstanceAsync("again", "first");
        await _rig.EndOfAsync("again");
        await Assert.ThrowsAsync<InvalidOperationException>(() => Client.ScheduleNewOrchestrationInstanceAsync(
            nameof(LifecycleFunctions.Child), "x", new StartOrchestrationOptions("again") { DedupeStatuses = ["Terminated"] }));
        var end = await _rig.RunAsync(nameof(LifecycleFunctions.Child), "x", "again");
        Assert.Equal("X", end.ReadOutputAs<string>());
        Assert.Equal(OrchestrationRuntimeStatus.Completed, end.RuntimeStatus);
    }

    [Fact]
    public async Task BadIdsAndNames_AreRefused()
    {
        foreach (var id in new[] { "@entity", new string('x', 257), "line\nbreak" })
            await Assert.ThrowsAsync<ArgumentException>(() => Client.ScheduleNewOrchestrationInstanceAsync(
                nameof(LifecycleFunctions.Child), "x", new StartOrchestrationOptions(id)));
        await Assert.ThrowsAsync<ArgumentException>(() => Client.ScheduleNewOrchestrationInstanceAsync("NoSuchOrchestrator"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => Client.WaitForInstanceCompletionAsync("nobody"));
    }

    [Fact]
    public async Task Purge_RemovesOnlyWhatHasEnded()
    {
        var running = await StartAsync(nameof(LifecycleFunctions.Steps));
        Assert.Equal(0, (await Client.PurgeInstanceAsync(running)).PurgedInstanceCount);
        Assert.Equal(0, (await Client.PurgeInstanceAsync("nobody")).PurgedInstanceCount);
        await _rig.RunAsync(nameof(LifecycleFunctions.Parent), new[] { "a", "b" }, "family");
        Assert.Equal(3, (await Client.PurgeInstanceAsync("family", new PurgeInstanceOptions(Recursive: true))).PurgedInstanceCount);
        Assert.Null(await Client.GetInstanceAsync("family"));
        await _rig.RunAsync(nameof(LifecycleFunctions.Child), "c", "one");
        await _rig.RunAsync(nameof(LifecycleFunctions.Child), "fail", "two");
        var purged = await Client.PurgeAllInstancesAsync(new PurgeInstancesFilter(Statuses: [OrchestrationRuntimeStatus.Failed]));
        Assert.Equal(1, purged.PurgedInstanceCount);
        Assert.Equal(new HashSet<string> { "one", running }, [.. await IdsAsync(new OrchestrationQuery())]);
    }

    [Fact]
    public async Task Query_FiltersAndPages()
    {
        for (var i = 0; i < 5; i++)
        {
            await _rig.RunAsync(nameof(LifecycleFunctions.Child), i == 3 ? "fail" : "x", $"query/{i}");
            _clock.Advance(TimeSpan.FromMinutes(1));
        }
        await _rig.RunAsync(nameof(LifecycleFunctions.Child), "x", "other");
        var start = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

        Assert.Equal(["query/0", "query/1", "query/2", "query/3", "query/4"], await IdsAsync(new(InstanceIdPrefix: "query/")));
        Assert.Equal(["query/3"], await IdsAsync(new(Statuses: [OrchestrationRuntimeStatus.Failed, OrchestrationRuntimeStatus.Running])));
        Assert.Equal(["query/1", "query/2"], await IdsAsync(new(start.AddMinutes(1), start.AddMinutes(2))));
        var pages = new List<string>();
        await foreach (var page in Client.GetAllInstancesAsync(new(InstanceIdPrefix: "query/", PageSize: 2, FetchInputsAndOutputs: true)).AsPages())
            pages.Add(string.Join(',', page.Values.Select(v => v.SerializedInput)) + (page.ContinuationToken is null ? " end" : " more"));
        Assert.Equal(["\"x\",\"x\" more", "\"x\",\"fail\" more", "\"x\" end"], pages);
    }

    [Fact]
    public async Task WithoutPayloads_TheyCannotBeRead()
    {
        var id = await StartAsync(nameof(LifecycleFunctions.Child), "x");
        await _rig.EndOfAsync(id);
        var bare = (await Client.GetInstanceAsync(id))!;
        Assert.Null(bare.SerializedOutput);
        Assert.Throws<InvalidOperationException>(() => bare.ReadOutputAs<string>());
    }

    private Task<string> StartAsync(string orchestrator, object? input = null) =>
        Client.ScheduleNewOrchestrationInstanceAsync(orchestrator, input);

    private async Task<List<string>> IdsAsync(OrchestrationQuery query)
    {
        var ids = new List<string>();
        await foreach (var found in Client.GetAllInstancesAsync(query)) ids.Add(found.InstanceId);
        return ids;
    }

    /// <summary>Every step is logged, so the log tells when to look again.</summary>
    private async Task StatusAsync(string id, OrchestrationRuntimeStatus status) =>
        await _rig.Logs.WaitForAsync(
            async () => await Client.GetInstanceAsync(id) is { } found && found.RuntimeStatus == status ? found : null, $"{id} {status}");
}
