using ClickToDial.Calls.Tests.Support;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;
using ClickToDial.TestKit.Phones;

namespace ClickToDial.Calls.Tests.Flows;

public sealed class HangUpByApiTests : FlowTest
{
    [Fact]
    public async Task While_the_user_rings_every_device_stops()
    {
        await using var first = await Rig.PhoneAsync("101-a");
        await using var second = await Rig.PhoneAsync("101-b");
        await Rig.UseTrunkAsync();
        var id = await OriginateAsync(WorkerRig.Command(Number));
        var calls = new[] { await first.RingsAsync(), await second.RingsAsync() };
        Assert.Equal(CallState.Ended, (await Rig.Api.HangUpAsync(id)).State);
        foreach (var call in calls) Assert.Equal(CallEnd.Cancelled, await call.EndsAsync());
        await EndsAsync(id, CallResult.Cancelled, CallReasons.HungUpByApi);
    }

    [Fact]
    public async Task During_the_prompt_the_user_is_let_go()
    {
        await using var phone = await Rig.PhoneAsync("101-a", onCall: IncomingCall.Answer);
        await Rig.UseTrunkAsync();
        var id = await OriginateAsync(WorkerRig.Command(Number, prompt: true));
        await Rig.Functions.EventAsync(id, CallEventType.CallPrompting);
        await Rig.Api.HangUpAsync(id);
        Assert.Equal(CallEnd.HungUpByPeer, await (await phone.RingsAsync()).EndsAsync());
        await EndsAsync(id, CallResult.Cancelled, CallReasons.HungUpByApi);
    }

    [Fact]
    public async Task While_the_destination_rings_both_stop()
    {
        await using var phone = await Rig.PhoneAsync("101-a", onCall: IncomingCall.Answer);
        var trunk = await Rig.UseTrunkAsync();
        var id = await OriginateAsync(WorkerRig.Command(Number));
        var far = await trunk.RingsAsync();
        await Rig.Api.HangUpAsync(id);
        Assert.Equal(CallEnd.Cancelled, await far.EndsAsync());
        Assert.Equal(CallEnd.HungUpByPeer, await (await phone.RingsAsync()).EndsAsync());
        await EndsAsync(id, CallResult.Cancelled, CallReasons.HungUpByApi);
    }

    [Fact]
    public async Task While_both_talk_both_are_let_go_and_a_second_hang_up_changes_nothing()
    {
        await using var phone = await Rig.PhoneAsync("101-a", onCall: IncomingCall.Answer);
        var trunk = await Rig.UseTrunkAsync(onCall: IncomingCall.Answer);
        var id = await OriginateAsync(WorkerRig.Command(Number));
        await Rig.Functions.EventAsync(id, CallEventType.CallConnected);
        var first = await Rig.Api.HangUpAsync(id);
        var again = await Rig.Api.HangUpAsync(id);
        Assert.Equal(first.Outcome, again.Outcome);
        Assert.Equal(first.EndedAt, again.EndedAt);
        Assert.Equal(CallEnd.HungUpByPeer, await (await trunk.RingsAsync()).EndsAsync());
        await EndsAsync(id, CallResult.Answered, CallReasons.HungUpByApi);
    }

    [Fact]
    public async Task Devices_that_answer_at_the_same_time_are_settled_with_one()
    {
        await using var first = await Rig.PhoneAsync("101-a", onCall: IncomingCall.Answer);
        await using var second = await Rig.PhoneAsync("101-b", onCall: IncomingCall.Answer);
        await Rig.UseTrunkAsync(onCall: IncomingCall.Answer);
        var id = await OriginateAsync(WorkerRig.Command(Number));
        await Rig.Functions.EventAsync(id, CallEventType.CallConnected);
        PhoneCall[] calls = [await first.RingsAsync(), await second.RingsAsync()];
        // Cancelled in time, or answered late and then ended: either way exactly one is left.
        var over = await await Task.WhenAny(calls.Select(call => call.EndsAsync()));
        Assert.True(over is CallEnd.Cancelled or CallEnd.HungUpByPeer);
        Assert.Single(calls, call => !call.HasEnded);

        await Rig.Api.HangUpAsync(id);
        await EndsAsync(id, CallResult.Answered, CallReasons.HungUpByApi);
    }
}
