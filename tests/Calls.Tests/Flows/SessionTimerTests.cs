using ClickToDial.Calls.Legs;
using ClickToDial.Calls.Tests.Support;
using ClickToDial.Contracts.Calls;
using ClickToDial.Sip.Messages;

namespace ClickToDial.Calls.Tests.Flows;

/// <summary>RFC 4028 through whole calls.</summary>
public sealed class SessionTimerTests : TalkTest
{
    private const string Header = "4;refresher=uac";

    protected override CallServerOptions Configure(CallServerOptions options) =>
        options with { Signalling = new SignallingOptions { SessionSeconds = 4, MinSessionSeconds = 2 } };

    [Fact(DisplayName = "D4: who takes UPDATE is refreshed by one, who does not by a re-INVITE with the description as it was")]
    public async Task Both_ends_are_refreshed()
    {
        await using var call = await TalkAsync(allow: "INVITE, ACK, BYE, CANCEL, UPDATE");
        Assert.Equal(("4", true), (call.UserInvite.Headers.Get(HeaderName.SessionExpires), call.UserInvite.Headers.HasToken(HeaderName.Supported, "timer")));

        var update = await call.Far.InDialogAsync();
        Assert.Equal((SipMethod.Update, true), (update.Request.Method, update.Request.Body.IsEmpty));
        Assert.Equal(Header, update.Request.Headers.Get(HeaderName.SessionExpires));
        update.Respond(200);

        var reinvite = await call.User.InDialogAsync();
        Assert.Equal(SipMethod.Invite, reinvite.Request.Method);
        Assert.Equal(Text(call.UserInvite), Text(reinvite.Request));
        Assert.Equal(Header, reinvite.Request.Headers.Get(HeaderName.SessionExpires));
        call.User.Answer(reinvite, SipUa.Sdp("8"));
        Assert.Equal(SipMethod.Update, (await call.Far.InDialogAsync()).Request.Method); // It goes on.
    }

    [Fact(DisplayName = "A peer that refreshes nothing and lets itself not be refreshed ends the call with a reason of its own")]
    public async Task Session_expires()
    {
        await using var call = await TalkAsync(allow: "INVITE, UPDATE");
        (await call.Far.InDialogAsync()).Respond(500);
        var bye = await call.Far.InDialogAsync();
        Assert.Equal(SipMethod.Bye, bye.Request.Method);
        Assert.Contains("session-expired", bye.Request.Headers.Get(HeaderName.Reason), StringComparison.Ordinal);
        await EndsAsync(call.Id, CallResult.Answered, CallReasons.SessionExpired);
    }

    [Fact(DisplayName = "RFC 4028 section 7.3: a trunk that wants longer sessions gets them")]
    public async Task Trunk_refuses_short_sessions()
    {
        await using var phone = await Rig.PhoneAsync("101-a", onCall: TestKit.Phones.IncomingCall.Answer);
        await using var far = await FarEndAsync();
        await OriginateAsync(WorkerRig.Command(Number));
        var first = await far.RequestAsync();
        var refusal = first.CreateResponse(422);
        refusal.Headers.Add(HeaderName.MinSE, "20");
        first.Respond(refusal);
        var second = await far.RequestAsync();
        Assert.Equal(("20", "20"), (second.Request.Headers.Get(HeaderName.SessionExpires), second.Request.Headers.Get(HeaderName.MinSE)));
    }

    [Fact(DisplayName = "RFC 4028 section 9: a caller that asks for too little is told our minimum, and refreshes itself")]
    public async Task Device_that_dials_refreshes()
    {
        await using var ua = new SipUa(Rig.SipAddress);
        var dialled = ua.Dial("echo", SipUa.Sdp("8"), change: invite => invite.Headers.Add(HeaderName.SessionExpires, "1").Add(HeaderName.Supported, "timer"));
        var ok = await dialled.FinalAsync(); // Its stack went on from the 422.
        Assert.Equal(("2;refresher=uac", "timer"), (ok.Headers.Get(HeaderName.SessionExpires), ok.Headers.Get(HeaderName.Require)));
        var bye = await ua.InDialogAsync(); // It never does.
        Assert.Contains("session-expired", bye.Request.Headers.Get(HeaderName.Reason), StringComparison.Ordinal);
    }
}
