using ClickToDial.TestKit.Azure;

namespace ClickToDial.EmbeddedHost.Tests.Durable;

/// <summary>Activities that only read need not wait for the step that asks for them.</summary>
public sealed class ReaderTests
{
    [Fact(DisplayName = "C9: what only reads begins while its step is being stored; what has an effect does not")]
    public async Task Reader_does_not_wait_for_its_step()
    {
        AzuriteFixture.SkipIfMissing();
        // Its own, to be stopped.
        await using var azurite = new AzuriteFixture();
        await azurite.InitializeAsync();
        await using var rig = await DurableRig.StartAsync(azurite, typeof(ReaderFunctions));
        var id = await rig.Client.ScheduleNewOrchestrationInstanceAsync(nameof(ReaderFunctions.Both));
        await rig.Journal.WaitAsync("entered gate");
        await azurite.StopAsync();
        rig.Journal.Open("gate");
        await rig.Journal.WaitAsync("read a");
        await rig.Logs.WaitAsync(l => l.Id == 1601, "a commit in doubt");
        Assert.Equal(0, rig.Journal.CountOf("wrote b"));
        await azurite.StartAsync();

        Assert.Equal("ab", (await rig.EndOfAsync(id)).ReadOutputAs<string>());
        // Its answer came before the step was stored, and counted then.
        Assert.Equal(1, rig.Journal.CountOf("read a"));
        Assert.Equal(1, rig.Journal.CountOf("wrote b"));
    }
}
