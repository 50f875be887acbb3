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
