using Azure.Data.Tables;
using ClickToDial.EmbeddedHost.Durable;
using ClickToDial.EmbeddedHost.Durable.Client;
using ClickToDial.TestKit.Azure;

namespace ClickToDial.EmbeddedHost.Tests.Durable;

/// <summary>Several hosts on one task hub, at once or after each other.</summary>
public sealed class TakeoverTests(AzuriteFixture azurite)
{
    private readonly string _hub = DurableRig.NewHub();

    [Fact]
    public async Task StoppedHost_LeavesItsInstancesToTheNext()
    {
        AzuriteFixture.SkipIfMissing();
        string waiting, held;
        await using (var first = await StartAsync(typeof(EventFunctions)))
        {
            waiting = await first.Client.ScheduleNewOrchestrationInstanceAsync(nameof(EventFunctions.Two));
            await first.Client.RaiseEventAsync(waiting, "answer", "a");
            await first.Journal.WaitAsync("first a");
            held = await first.Client.ScheduleNewOrchestrationInstanceAsync(nameof(EventFunctions.Late));
            await first.Journal.WaitAsync("entered late");
            // The activity never ends here: the stop cancels it when its patience is over.
        }
        await using var second = await StartAsync(typeof(EventFunctions));
        await second.Client.RaiseEventAsync(waiting, "answer", "b");
        Assert.Equal("ab", (await second.EndOfAsync(waiting)).ReadOutputAs<string>());
        await second.Journal.WaitAsync("entered late");
        second.Journal.Open("late");
        await second.Client.RaiseEventAsync(held, "number", 1);
        await second.Client.RaiseEventAsync(held, "number", 2);
        Assert.Equal("1 2", (await second.EndOfAsync(held)).ReadOutputAs<string>());
        Assert.Equal(0, second.Journal.CountOf("first a"));
    }

    [Fact]
    public async Task AnInstance_RunsOnOneHost_AndHearsFromTheOther()
    {
        AzuriteFixture.SkipIfMissing();
        await using var first = await StartAsync(typeof(EventFunctions));
        await using var second = await StartAsync(typeof(EventFunctions));
        var id = await first.Client.ScheduleNewOrchestrationInstanceAsync(nameof(EventFunctions.Two));
        await second.Client.RaiseEventAsync(id, "answer", "a");
        await first.Journal.WaitAsync("first a");
        await second.Client.RaiseEventAsync(id, "answer", "b");
        Assert.Equal("ab", (await second.EndOfAsync(id)).ReadOutputAs<string>());
        Assert.Empty(second.Journal.Entries.Snapshot());
    }

    [Fact]
    public async Task HostThatWasDeclaredDead_StartsOverAndTakesItsInstancesUpAgain()
    {
        AzuriteFixture.SkipIfMissing();
        await using var rig = await StartAsync(typeof(EventFunctions));
        var id = await rig.Client.ScheduleNewOrchestrationInstanceAsync(nameof(EventFunctions.Two));
        await rig.Client.RaiseEventAsync(id, "answer", "a");
        await rig.Journal.WaitAsync("first a");
        var index = new TableClient(azurite.ConnectionString, _hub + "Index");
        await foreach (var host in index.QueryAsync<TableEntity>("PartitionKey eq 'host'")) await index.DeleteEntityAsync(host);
        await rig.Logs.WaitAsync(l => l.Id == 1606, "a new life");
        await rig.Logs.WaitAsync(l => l.Id == 1608, "its old instance");
        await rig.Client.RaiseEventAsync(id, "answer", "b");
        Assert.Equal("ab", (await rig.EndOfAsync(id)).ReadOutputAs<string>());
        Assert.Equal(1, rig.Journal.CountOf("first a"));
    }

    [Fact]
    public async Task InstanceTakenAwayDuringAnActivity_RefusesTheOldOwnersStepAndGoesOnFromHistory()
    {
        AzuriteFixture.SkipIfMissing();
        await using var first = await StartAsync(typeof(EventFunctions));
        var id = await first.Client.ScheduleNewOrchestrationInstanceAsync(nameof(EventFunctions.Late));
        await first.Journal.WaitAsync("entered late");
        // As if the host had been asleep for longer than its lease and another, dead since, had taken over behind its back.
        var instances = new TableClient(azurite.ConnectionString, _hub + "Instances");
        await instances.UpdateEntityAsync(
            new TableEntity(id, "state") { ["Owner"] = "somebody else" }, Azure.ETag.All, TableUpdateMode.Merge);
        first.Journal.Open("late");
        await first.Logs.WaitAsync(l => l.Id == 1604, "the loss of ownership");
        await first.Client.RaiseEventAsync(id, "number", 1);
        await first.Client.RaiseEventAsync(id, "number", 2);
        Assert.Equal("1 2", (await first.EndOfAsync(id)).ReadOutputAs<string>());
        Assert.Equal(2, first.Journal.CountOf("entered late"));
    }

    [Fact]
    public async Task OutageInTheMiddle_EndsAsWithoutIt()
    {
        AzuriteFixture.SkipIfMissing();
        await using var own = new AzuriteFixture();
        await own.InitializeAsync();
        await using var rig = await DurableRig.StartAsync(own, typeof(ActivityFunctions));
        var id = await rig.Client.ScheduleNewOrchestrationInstanceAsync(nameof(ActivityFunctions.Hold), "gate");
        await rig.Journal.WaitAsync("entered gate");
        await own.StopAsync();
        rig.Journal.Open("gate");
        await rig.Logs.WaitAsync(l => l.Id == 1601, "a commit in doubt");
        await own.StartAsync();
        Assert.Equal("gate", (await rig.EndOfAsync(id)).ReadOutputAs<string>());
        Assert.Equal(1, rig.Journal.CountOf("entered gate"));
    }

    [Fact]
    public async Task InstanceOfAnOrchestratorThisAppHasNot_IsLeftAlone()
    {
        AzuriteFixture.SkipIfMissing();
        string id;
        await using (var first = await StartAsync(typeof(EventFunctions)))
            id = await first.Client.ScheduleNewOrchestrationInstanceAsync(nameof(EventFunctions.Two));
        await using (var other = await StartAsync(typeof(ActivityFunctions)))
        {
            await other.Logs.WaitAsync(l => l.Id == 1609, "a warning");
            Assert.False((await other.Client.GetInstanceAsync(id))!.IsCompleted);
        }
        await using var again = await StartAsync(typeof(EventFunctions));
        await again.Client.TerminateInstanceAsync(id);
        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await again.EndOfAsync(id)).RuntimeStatus);
    }

    private Task<DurableRig> StartAsync(Type functions) => DurableRig.StartAsync(azurite, _hub, [functions]);
}
