using ClickToDial.Calls.Tests.Support;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;
using ClickToDial.TestKit.Phones;

namespace ClickToDial.Calls.Tests.Flows;

public sealed class PromptTests : FlowTest
{
    protected override CallServerOptions Configure(CallServerOptions options) =>
        options with { Calls = options.Calls with { PromptTimeout = TimeSpan.FromSeconds(2) } };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Destination_rings_once_the_user_has_pressed_1(bool byInfo)
    {
        await using var phone = await Rig.PhoneAsync("101-a");
        var trunk = await Rig.UseTrunkAsync(onCall: IncomingCall.Answer);
        var id = await OriginateAsync(WorkerRig.Command(Number, prompt: true));
        var user = await phone.RingsAsync();
        await user.AnswerAsync();
        await user.Heard.WaitAsync(sound => sound.TotalLevel > -40, "the announcement");
        Assert.Equal(0, trunk.CallCount);

        if (byInfo) Assert.Equal(200, await user.PressByInfoAsync('1'));
        else user.Press('1');
        await user.HearsAsync(800);
        var events = Rig.Functions.Events.Snapshot().Select(told => told.Type).ToList();
        Assert.True(events.IndexOf(CallEventType.CallPrompting) < events.IndexOf(CallEventType.CallConfirmed));
        Assert.Equal(CallState.Connected, (await Rig.Api.HangUpAsync(id)) is { ConnectedAt: not null } ? CallState.Connected : CallState.Ended);
    }

    [Fact]
    public async Task User_who_presses_another_key_or_none_is_let_go()
    {
        await using var phone = await Rig.PhoneAsync("101-a");
        var trunk = await Rig.UseTrunkAsync();
        var id = await OriginateAsync(WorkerRig.Command(Number, prompt: true));
        var user = await phone.RingsAsync();
        await user.AnswerAsync();
        user.Press('2');

        await EndsAsync(id, CallResult.NoAnswer, CallReasons.PromptNotConfirmed);
        Assert.Equal(CallEnd.HungUpByPeer, await user.EndsAsync());
        Assert.Equal(0, trunk.CallCount);
    }
}
