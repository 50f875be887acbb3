using ClickToDial.Calls.Tests.Support;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;
using ClickToDial.Contracts.Events;
using ClickToDial.TestKit.Phones;

namespace ClickToDial.Calls.Tests.Flows;

/// <summary>Orders that come again.</summary>
public sealed class RepeatTests : FlowTest
{
    [Fact(DisplayName = "D4: a command that comes again after the call's end is answered as it was, and another one is too late")]
    public async Task After_the_end()
    {
        await using var phone = await Rig.PhoneAsync("101-a", onCall: IncomingCall.Answer);
        var id = await OriginateAsync(WorkerRig.Command("echo"));
        await Rig.Functions.EventAsync(id, CallEventType.CallConnected);
        var mute = new LegCommand("user", "m-1");
        Assert.Single((await Rig.Api.OrderAsync(id, "mute", mute)).Talk!.Muted);
        await Rig.Api.HangUpAsync(id);
        await EndsAsync(id, CallResult.Answered, CallReasons.HungUpByApi);

        Assert.Equal(CallState.Ended, (await Rig.Api.OrderAsync(id, "mute", mute)).State);
        Assert.Equal((409, WorkerProblemReasons.CommandConflict), await Rig.Api.RefusedAsync(id, "hold", mute));
        Assert.Equal((409, WorkerProblemReasons.CallEnded), await Rig.Api.RefusedAsync(id, "mute", mute with { CommandId = "m-2" }));
        Assert.Equal((409, WorkerProblemReasons.CallEnded), await Rig.Api.RefusedAsync(id, "mute"));
        Assert.Single(Rig.Functions.Events.Snapshot(), told => told.Type == CallEventType.LegMuted);
    }

    [Fact(DisplayName = "D4: a command whose repeats cross the end of the call is never answered otherwise")]
    public async Task Across_the_end()
    {
        await using var phone = await Rig.PhoneAsync("101-a", onCall: IncomingCall.Answer);
        var id = await OriginateAsync(WorkerRig.Command("echo"));
        await Rig.Functions.EventAsync(id, CallEventType.CallConnected);
        var mute = new LegCommand("user", "m-1");
        await Rig.Api.OrderAsync(id, "mute", mute);
        var repeats = Enumerable.Range(0, 50).Select(_ => Rig.Api.OrderAsync(id, "mute", mute)).ToList();
        await Rig.Api.HangUpAsync(id);
        repeats.AddRange(Enumerable.Range(0, 50).Select(_ => Rig.Api.OrderAsync(id, "mute", mute)));
        Assert.All(await Task.WhenAll(repeats), call => Assert.Equal(id, call.CallId));
    }
}
