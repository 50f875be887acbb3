using ClickToDial.Calls.Legs;
using ClickToDial.Calls.Tests.Support;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;
using ClickToDial.Sip.Endpoint;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transactions;

namespace ClickToDial.Calls.Tests.Flows;

/// <summary>RFC 3262 through whole calls.</summary>
public sealed class ReliableTests : TalkTest
{
    protected override CallServerOptions Configure(CallServerOptions options) => options with { Signalling = new SignallingOptions { OfferReliableToTrunks = true } };

    [Fact(DisplayName = "D4: a caller that requires it gets its ringing reliably")]
    public async Task Caller_requires_it()
    {
        await using var ua = new SipUa(Rig.SipAddress, Capable);
        var dialled = ua.Dial("echo", SipUa.Sdp("8"), change: Require);
        var ringing = await dialled.ResponseAsync();
        Assert.Equal((180, true), (ringing.Status, ringing.Headers.Contains(HeaderName.RSeq)));
        Assert.Equal(200, (await dialled.FinalAsync()).Status);
        await Rig.Functions.Events.WaitAsync(told => told.Type == CallEventType.CallConnected, "connected");
    }

    [Theory(DisplayName = "RFC 3262 section 5: our offer goes with the ringing, its answer comes with the PRACK, and nothing is said of it again")]
    [InlineData("echo")]
    [InlineData(Number)]
    public async Task Caller_requires_it_and_offers_nothing(string destination)
    {
        await using var ua = new SipUa(Rig.SipAddress, Capable);
        await using var far = await FarEndAsync();
        var dialled = ua.Dial(destination, [], change: Require);
        var invite = destination == Number ? await far.RequestAsync() : null;
        invite?.Respond(180);
        var ringing = await dialled.ResponseAsync();
        Assert.Contains("m=audio", Text(ringing), StringComparison.Ordinal);
        dialled.Invite.AnswerProvisional(dialled.Early!, SipUa.Sdp("8"), "application/sdp");
        if (invite is not null) far.Answer(invite, SipUa.Sdp("8"));
        var ok = await dialled.FinalAsync();
        Assert.Equal((200, true), (ok.Status, ok.Body.IsEmpty));
        dialled.Invite.Acknowledge(dialled.Dialog!);
        var connected = await Rig.Functions.Events.WaitAsync(told => told.Type == CallEventType.CallConnected, "connected");
        await ua.AskAsync(dialled.Dialog!, SipMethod.Bye);
        await EndsAsync(connected.CallId, CallResult.Answered, CallReasons.UserHungUp);
    }

    [Fact(DisplayName = "RFC 3261 section 15: a success that waits for a PRACK was not given; who hangs up then refuses the call")]
    public async Task Far_end_hangs_up_before_the_PRACK()
    {
        await using var ua = new SipUa(Rig.SipAddress, Capable);
        await using var far = await FarEndAsync();
        var dialled = ua.Dial(Number, [], change: Require); // Without an answer of the test's to the offer there is no PRACK.
        var invite = await far.RequestAsync();
        invite.Respond(180);
        Assert.Equal(180, (await dialled.ResponseAsync()).Status);
        var dialog = far.Answer(invite, SipUa.Sdp("8"));
        await Rig.Functions.Events.WaitAsync(told => told.Type == CallEventType.LegAnswered, "answered");
        await far.AskAsync(dialog, SipMethod.Bye);
        Assert.InRange((await dialled.FinalAsync()).Status, 400, 699);
    }

    [Fact(DisplayName = "RFC 6337 section 2.2: a trunk's reliable answer counts, and its success needs none")]
    public async Task Trunk_answers_before_its_success()
    {
        await using var phone = await Rig.PhoneAsync("101-a", onCall: TestKit.Phones.IncomingCall.Answer);
        await using var far = await FarEndAsync(change: Capable);
        var id = await OriginateAsync(WorkerRig.Command(Number));
        var invite = await far.RequestAsync();
        Assert.True(invite.Request.Headers.HasToken(HeaderName.Supported, "100rel"));
        far.Answer(invite, SipUa.Sdp("8"), status: 183);
        var ok = invite.CreateResponse(200);
        ok.Headers.Add(HeaderName.Contact, $"<sip:ua@{far.Address}>");
        invite.Respond(ok); // Held back by its stack until our PRACK.
        await Rig.Functions.EventAsync(id, CallEventType.CallConnected);
    }

    [Fact(DisplayName = "RFC 3261 section 16.7: of several branches on one INVITE the first is heard until another answers; a second answer is ended")]
    public async Task Fork_downstream()
    {
        await using var phone = await Rig.PhoneAsync("101-a", onCall: TestKit.Phones.IncomingCall.Answer);
        await using var far = await FarEndAsync();
        var id = await OriginateAsync(WorkerRig.Command(Number));
        var invite = await far.RequestAsync();
        far.Answer(invite, SipUa.Sdp("8"), status: 183);
        invite.Respond(Branch(invite, 183, far, "8 0"));
        invite.Respond(Branch(invite, 200, far, null));
        await Rig.Functions.EventAsync(id, CallEventType.CallConnected);
        var late = invite.CreateResponse(200);
        late.Headers.Add(HeaderName.Contact, $"<sip:ua@{far.Address}>");
        late.SetBody(SipUa.Sdp("8"), "application/sdp");
        invite.Respond(late);
        Assert.Equal((SipMethod.Bye, invite.LocalTag), await ByeAsync(far));
        Assert.Equal(CallState.Connected, (await Rig.Api.GetAsync(id))!.State);
    }

    private static async Task<(SipMethod, string?)> ByeAsync(SipUa far)
    {
        var request = (await far.InDialogAsync()).Request;
        return (request.Method, request.To.Tag);
    }

    private static SipResponse Branch(ServerTransaction invite, int status, SipUa far, string? formats)
    {
        var response = invite.CreateResponse(status);
        response.To = NameAddress.Parse($"<{response.To.Uri}>").WithTag("other");
        response.Headers.Add(HeaderName.Contact, $"<sip:other@{far.Address}>");
        if (formats is not null) response.SetBody(SipUa.Sdp(formats), "application/sdp");
        return response;
    }

    private static void Require(SipRequest invite) => invite.Headers.Add(HeaderName.Require, "100rel");

    private static SipEndpointOptions Capable(SipEndpointOptions options) =>
        options with { SupportedExtensions = ["100rel"], ReliableProvisionals = ReliablePolicy.WhenSupported };
}
