using ClickToDial.Calls.Tests.Support;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;
using ClickToDial.Sip.Messages;
using ClickToDial.TestKit.Phones;

namespace ClickToDial.Calls.Tests.Flows;

/// <summary>INVITE without an offer (RFC 3261 section 13.2.1): ours goes with the success, the answer comes with its ACK.</summary>
public sealed class LateOfferTests : FlowTest
{
    [Fact]
    public async Task Device_that_dials_without_an_offer_has_a_whole_call()
    {
        await using var ua = new SipUa(Rig.SipAddress);
        var trunk = await Rig.UseTrunkAsync();
        var dialled = ua.Dial(Number, []);
        var far = await trunk.RingsAsync();
        await far.AnswerAsync();
        var ok = await dialled.FinalAsync();
        Assert.Equal(200, ok.Status);
        Assert.Contains("RTP/AVP 8", Text(ok), StringComparison.Ordinal);
        Assert.DoesNotContain(Rig.Functions.Events.Snapshot(), told => told.Type == CallEventType.CallConnected);

        dialled.Invite.Acknowledge(dialled.Dialog!, SipUa.Sdp("8"), "application/sdp");
        var connected = await Rig.Functions.Events.WaitAsync(told => told.Type == CallEventType.CallConnected, "connected");
        Assert.Equal(200, (await ua.AskAsync(dialled.Dialog!, SipMethod.Bye)).Status);
        Assert.Equal(CallEnd.HungUpByPeer, await far.EndsAsync());
        await EndsAsync(connected.CallId, CallResult.Answered, CallReasons.UserHungUp);
    }

    [Theory]
    [InlineData("8", CallReasons.UserHungUp)]
    [InlineData("", CallReasons.NoCommonCodec)]
    public async Task Device_that_dials_a_test_number_without_an_offer(string formats, string reason)
    {
        await using var ua = new SipUa(Rig.SipAddress);
        var dialled = ua.Dial("echo", []);
        Assert.Equal(200, (await dialled.FinalAsync()).Status);
        dialled.Invite.Acknowledge(dialled.Dialog!, formats.Length > 0 ? SipUa.Sdp(formats) : default, "application/sdp");
        if (reason == CallReasons.NoCommonCodec) (await ua.InDialogAsync()).Respond(200);
        else await Rig.Functions.Events.WaitAsync(told => told.Type == CallEventType.CallConnected, "connected");
        if (reason != CallReasons.NoCommonCodec) await ua.AskAsync(dialled.Dialog!, SipMethod.Bye);
        var ended = await Rig.Functions.Events.WaitAsync(told => told.Type == CallEventType.CallEnded, "ended");
        Assert.Equal(reason, ended.Outcome!.Reason);
    }

    [Fact]
    public async Task Device_that_never_acknowledges_our_offer_is_let_go()
    {
        await using var ua = new SipUa(Rig.SipAddress);
        var dialled = ua.Dial("echo", []);
        Assert.Equal(200, (await dialled.FinalAsync()).Status);
        var bye = await ua.InDialogAsync();
        Assert.Equal(SipMethod.Bye, bye.Request.Method);
        bye.Respond(200);
    }
}
