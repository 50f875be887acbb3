using ClickToDial.Calls.Tests.Support;
using ClickToDial.Contracts.Calls;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transactions;

namespace ClickToDial.Calls.Tests.Flows;

/// <summary>What peers say of why (RFC 3326), and what we do.</summary>
public sealed class ReasonTests : TalkTest
{
    protected override CallServerOptions Configure(CallServerOptions options) =>
        options with { Sip = options.Sip with { Timers = options.Sip.Timers with { TimerC = TimeSpan.FromSeconds(1) } } };

    [Theory(DisplayName = "D4: a BYE with the network's trouble (Q.850) is no hang-up by a person, and the other end hears what was said of why")]
    [InlineData("Q.850;cause=38;text=\"Network out of order\"", CallReasons.PeerLost,
        "SIP;cause=200;text=\"peer-lost\", Q.850;cause=38;text=\"Network out of order\"")]
    [InlineData("SIP;cause=200, Q.850;cause=16", CallReasons.DestinationHungUp, "SIP;cause=200;text=\"destination-hung-up\", Q.850;cause=16")]
    [InlineData("preemption;cause=1, SIP;cause=580;text=\"Precondition \\\"x\\\"\"", CallReasons.DestinationHungUp,
        "SIP;cause=580;text=\"Precondition \\\"x\\\"\"")]
    [InlineData("SIP;cause=7, Q.850;cause=500", CallReasons.DestinationHungUp, "SIP;cause=200;text=\"destination-hung-up\", Q.850;cause=16")]
    public async Task Bye(string said, string reason, string passedOn)
    {
        await using var call = await TalkAsync();
        var bye = call.FarDialog.CreateRequest(SipMethod.Bye);
        bye.Headers.Add(HeaderName.Reason, said);
        call.Far.Endpoint.Request(call.FarDialog, bye, _ => { });
        var ours = (await call.User.InDialogAsync()).Request;
        Assert.Equal(passedOn, ours.Headers.Get(HeaderName.Reason));
        var ended = await EndsAsync(call.Id, CallResult.Answered, reason);
        Assert.Equal(reason, ended.Legs![1].Reason);
    }

    [Theory(DisplayName = "D4: a gateway's 480, 500 or 503 is read together with the Q.850 cause beside it")]
    [InlineData(503, 17, CallResult.Busy, CallReasons.DestinationBusy, 486)]
    [InlineData(500, 1, CallResult.Failed, CallReasons.DestinationNotFound, 404)]
    [InlineData(480, 21, CallResult.Refused, CallReasons.DestinationRefused, 403)]
    [InlineData(404, 17, CallResult.Failed, CallReasons.DestinationNotFound, 404)]
    public async Task Refusal(int status, int cause, CallResult result, string reason, int told)
    {
        await using var phone = await Rig.PhoneAsync("101-a", onCall: TestKit.Phones.IncomingCall.Answer);
        await using var far = await FarEndAsync();
        var id = await OriginateAsync(WorkerRig.Command(Number));
        var invite = await far.RequestAsync();
        var response = invite.CreateResponse(status);
        response.Headers.Add(HeaderName.Reason, $"Q.850;cause={cause}");
        invite.Respond(response);
        var ended = await EndsAsync(id, result, reason, told);
        Assert.Equal(status, ended.Legs![1].SipStatus);
    }

    [Fact(DisplayName = "RFC 3326 section 2: a caller whose call was answered elsewhere leaves no missed call behind")]
    public async Task Answered_elsewhere()
    {
        await using var ua = new SipUa(Rig.SipAddress);
        await using var far = await FarEndAsync();
        var dialled = ua.Dial(Number, SipUa.Sdp("8"));
        var invite = await far.RequestAsync();
        var cancelled = new TaskCompletionSource<SipRequest>(TaskCreationOptions.RunContinuationsAsynchronously);
        invite.Cancelled = cancelled.SetResult;
        invite.Respond(180);
        await dialled.ResponseAsync();
        dialled.Invite.Cancel("SIP;cause=200;text=\"Call completed elsewhere\"");
        Assert.Equal("SIP;cause=200;text=\"Call completed elsewhere\"", (await cancelled.Task.WaitAsync(Patience.Limit)).Headers.Get(HeaderName.Reason));
    }

    [Fact(DisplayName = "D4: what a caller gives as its reason to give up is passed on with the CANCEL (RFC 3326)")]
    public async Task Cancel()
    {
        await using var ua = new SipUa(Rig.SipAddress);
        await using var far = await FarEndAsync();
        var dialled = ua.Dial(Number, SipUa.Sdp("8"));
        var invite = await far.RequestAsync();
        var cancelled = new TaskCompletionSource<SipRequest>(TaskCreationOptions.RunContinuationsAsynchronously);
        invite.Cancelled = cancelled.SetResult;
        invite.Respond(180);
        await dialled.ResponseAsync();
        dialled.Invite.Cancel("SIP;cause=480;text=\"Left\", Q.850;cause=19");
        Assert.Equal("SIP;cause=480;text=\"Left\", Q.850;cause=19", (await cancelled.Task.WaitAsync(Patience.Limit)).Headers.Get(HeaderName.Reason));
    }

    [Fact(DisplayName = "RFC 3261 section 16.8: a destination that rang and then says nothing more did not answer")]
    public async Task Timer_c()
    {
        await using var phone = await Rig.PhoneAsync("101-a", onCall: TestKit.Phones.IncomingCall.Answer);
        await using var far = await FarEndAsync();
        var id = await OriginateAsync(WorkerRig.Command(Number));
        (await far.RequestAsync()).Respond(180);
        await EndsAsync(id, CallResult.NoAnswer, CallReasons.DestinationNoAnswer, 408);
    }
}
