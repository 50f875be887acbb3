using ClickToDial.TestKit.Azure;

namespace ClickToDial.EmbeddedHost.Tests.Durable;

/// <summary>Executions that follow each other, of code that begins anew at every step.</summary>
public sealed class ContinueAsNewTests(AzuriteFixture azurite) : ContinueAsNewCases(azurite, keepsCode: false);

/// <summary>The same with code that is kept between the steps of an execution.</summary>
public sealed class KeptContinueAsNewTests(AzuriteFixture azurite) : ContinueAsNewCases(azurite, keepsCode: true);

public abstract class ContinueAsNewCases(AzuriteFixture azurite, bool keepsCode) : IAsyncLifetime
{
    private DurableRig _rig = null!;

    public async ValueTask InitializeAsync()
    {
        AzuriteFixture.SkipIfMissing();
        _rig = await DurableRig.StartAsync(azurite, DurableRig.NewHub(), [typeof(LifecycleFunctions)], keepsCode: keepsCode);
    }

    public async ValueTask DisposeAsync()
    {
        if (_rig is not null) await _rig.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task EachExecution_StartsWithTheNewInput_AndIdsOfItsOwn()
    {
        var end = await _rig.RunAsync(nameof(LifecycleFunctions.CountDown), 4);
        Assert.Equal("lift-off", end.ReadOutputAs<string>());
        Assert.Equal(0, end.ReadInputAs<int>());
        var notes = _rig.Journal.Entries.Snapshot().Select(e => e.Split(' ')).ToList();
        Assert.Equal(["4", "3", "2", "1", "0"], notes.Select(n => n[0]));
        Assert.Equal(5, notes.Select(n => n[1]).Distinct().Count());
    }

    [Fact]
    public async Task EventsNobodyTook_GoAlong()
    {
        var id = await _rig.Client.ScheduleNewOrchestrationInstanceAsync(
            nameof(LifecycleFunctions.Collect), new LifecycleFunctions.Collected(0, ""));
        await _rig.Journal.WaitAsync("entered round 0");
        foreach (var letter in new[] { "a", "b", "c", "d" }) await _rig.Client.RaiseEventAsync(id, "letter", letter);
        for (var round = 0; round < 4; round++) _rig.Journal.Open($"round {round}");
        var end = await _rig.EndOfAsync(id);
        Assert.Equal("abcd", end.ReadOutputAs<string>());
        Assert.Equal(new LifecycleFunctions.Collected(3, "abc"), end.ReadCustomStatusAs<LifecycleFunctions.Collected>());
    }

    [Fact]
    public async Task EventsNobodyTook_StayBehindWhenNotWanted()
    {
        var id = await _rig.Client.ScheduleNewOrchestrationInstanceAsync(nameof(LifecycleFunctions.Forget), 0);
        await _rig.Journal.WaitAsync("entered round 0");
        await _rig.Client.RaiseEventAsync(id, "letter", "a");
        _rig.Journal.Open("round 0");
        _rig.Journal.Open("round 1");
        Assert.Equal("forgotten", (await _rig.EndOfAsync(id)).ReadOutputAs<string>());
    }
}
