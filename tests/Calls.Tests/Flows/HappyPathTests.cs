using ClickToDial.Calls.Tests.Support;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;
using ClickToDial.TestKit.Phones;

namespace ClickToDial.Calls.Tests.Flows;

public sealed class HappyPathTests : IAsyncLifetime
{
    private WorkerRig _rig = null!;

    public async ValueTask InitializeAsync() => _rig = await WorkerRig.StartAsync();

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task Both_ends_hear_each_other_and_every_step_is_told_once_in_order()
    {
        await using var phone = await _rig.PhoneAsync("101-a", hertz: 400);
        var trunk = await _rig.UseTrunkAsync(hertz: 800);

        var id = await _rig.Api.OriginateAsync(WorkerRig.Command("+4930123456"));
        var userCall = await phone.RingsAsync();
        Assert.Equal("+4930123456", userCall.CallerNumber);
        await userCall.AnswerAsync();
        var farCall = await trunk.RingsAsync();
        Assert.Equal("+4930101", farCall.CallerNumber);
        await farCall.AnswerAsync();

        await userCall.HearsAsync(800);
        await farCall.HearsAsync(400);
        Assert.Equal(CallState.Connected, (await _rig.Api.GetAsync(id))!.State);
        await userCall.HangUpAsync();
        Assert.Equal(CallEnd.HungUpByPeer, await farCall.EndsAsync());

        var ended = await _rig.Functions.EndAsync(id);
        Assert.Equal(new CallOutcome(CallResult.Answered, CallReasons.UserHungUp), ended.Outcome);
        var events = _rig.Functions.Events.Snapshot();
        Assert.Equal(Enumerable.Range(1, events.Count), events.Select(told => told.Sequence));
        Assert.Equal(
            [
                CallEventType.CallStarted, CallEventType.LegRinging, CallEventType.LegAnswered, CallEventType.LegRinging,
                CallEventType.LegAnswered, CallEventType.CallConnected, CallEventType.LegEnded, CallEventType.LegEnded, CallEventType.CallEnded,
            ],
            events.Select(told => told.Type));
        Assert.Equal(["101-a", null], ended.Legs!.Select(leg => leg.Device));
        Assert.Equal([null, "world"], ended.Legs!.Select(leg => leg.Trunk));
        Assert.All(ended.Legs!, leg =>
        {
            Assert.Equal("PCMA", leg.Media!.Codec);
            Assert.InRange(leg.Media.PacketsReceived, 10, 10_000);
            Assert.InRange(leg.Media.PacketsSent, 10, 10_000);
            Assert.Equal(0, leg.Media.PacketsLost);
        });
    }
}
