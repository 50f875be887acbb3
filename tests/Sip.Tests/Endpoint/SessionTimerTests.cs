using ClickToDial.Sip.Dialogs;
using ClickToDial.Sip.Endpoint;
using ClickToDial.Sip.Messages;

namespace ClickToDial.Sip.Tests.Endpoint;

/// <summary>RFC 4028 on the wire, as UAC and as UAS.</summary>
public sealed class SessionTimerTests
{
    [Fact(DisplayName = "As UAC: asked for, agreed, refreshed in the middle, ended when no refresh succeeds")]
    public async Task As_uac_with_us_as_refresher()
    {
        await using var rig = NewRig();
        var invite = await rig.Invite();
        Assert.Equal(("6", true), (invite.Headers.Get(HeaderName.SessionExpires), invite.Headers.HasToken(HeaderName.Supported, "timer")));
        await rig.Answer(invite, 200, "t", "<sip:bob@192.0.2.9>", (HeaderName.SessionExpires, "6;refresher=uac"), (HeaderName.Require, "timer"));
        Assert.Equal(new SessionInterval(6, true), rig.Accepted.Single().SessionHeld);

        await rig.Advance(TimeSpan.FromSeconds(3.1));
        Assert.Same(rig.Accepted.Single(), rig.SessionDue.Single());
        Assert.Empty(rig.SessionExpired);
        await rig.Advance(TimeSpan.FromSeconds(1));
        Assert.Same(rig.Accepted.Single(), rig.SessionExpired.Single());
        Assert.Single(rig.SessionDue);
    }

    [Fact(DisplayName = "As UAC: our UPDATE keeps the roles and begins the time anew")]
    public async Task Refresh_by_update()
    {
        await using var rig = NewRig();
        await rig.Answer(await rig.Invite(), 200, "t", "<sip:bob@192.0.2.9>", (HeaderName.SessionExpires, "6;refresher=uac"), (HeaderName.Allow, "INVITE, UPDATE"));
        var dialog = rig.Accepted.Single();
        Assert.True(dialog.PeerAllowsUpdate);
        await rig.Advance(TimeSpan.FromSeconds(3.1));
        rig.Sent();
        rig.Endpoint.Request(dialog, dialog.CreateRequest(SipMethod.Update), _ => { });
        await rig.Settle();
        var update = (SipRequest)rig.Sent().Single();
        Assert.Equal("6;refresher=uac", update.Headers.Get(HeaderName.SessionExpires));
        await rig.Answer(update, 200, "t", "<sip:bob@192.0.2.9>", (HeaderName.SessionExpires, "6;refresher=uac"));
        await rig.Advance(TimeSpan.FromSeconds(2.9));
        Assert.Single(rig.SessionDue);
        await rig.Advance(TimeSpan.FromSeconds(0.3));
        Assert.Equal(2, rig.SessionDue.Count);
    }

    [Fact(DisplayName = "As UAC: a peer that knows nothing of timers is refreshed by us")]
    public async Task Peer_without_timers()
    {
        await using var rig = NewRig();
        await rig.Answer(await rig.Invite(), 200, "t");
        Assert.Equal(new SessionInterval(6, true), rig.Accepted.Single().SessionHeld);
    }

    [Fact(DisplayName = "As UAC: after 422 the INVITE goes out again for as long as the peer wants")]
    public async Task Refused_as_too_small()
    {
        await using var rig = NewRig();
        var invite = await rig.Invite();
        await rig.Answer(invite, 422, "t", null, (HeaderName.MinSE, "20"));
        var again = rig.Sent().OfType<SipRequest>().Single(r => r.Method == SipMethod.Invite);
        Assert.Equal(("20", "20", 2u), (again.Headers.Get(HeaderName.SessionExpires), again.Headers.Get(HeaderName.MinSE), again.CSeq.Number));
        await rig.Answer(again, 422, "t", null, (HeaderName.MinSE, "20"));
        Assert.Equal(422, rig.Failed.Single().Status);
    }

    [Fact(DisplayName = "As UAS: too small gets 422 with our minimum, enough is granted, the caller refreshes, silence ends it")]
    public async Task As_uas()
    {
        await using var rig = NewRig();
        await rig.Receive(StackRig.Request("INVITE", extra: "Supported: timer\nSession-Expires: 1\n"));
        var refused = (SipResponse)rig.Sent().Single();
        Assert.Equal((422, "3"), (refused.Status, refused.Headers.Get(HeaderName.MinSE)));
        Assert.Empty(rig.Requests);

        await rig.Receive(StackRig.Request("INVITE", "z9hG4bKnext", 2, callId: "next", extra: "Supported: timer\nSession-Expires: 6\n"));
        var dialog = rig.Accept(rig.Requests.Single());
        await rig.Settle();
        var ok = (SipResponse)rig.Sent().Single();
        Assert.Equal(("6;refresher=uac", "timer"), (ok.Headers.Get(HeaderName.SessionExpires), ok.Headers.Get(HeaderName.Require)));
        await rig.Receive(StackRig.Request("ACK", "z9hG4bKa", 2, dialog.Id.LocalTag, callId: "next"));

        await rig.Advance(TimeSpan.FromSeconds(3.5));
        await rig.Receive(StackRig.Request("UPDATE", "z9hG4bKu", 3, dialog.Id.LocalTag, "Supported: timer\nSession-Expires: 6;refresher=uac\n", callId: "next"));
        rig.InDialog.Single().Transaction.Respond(200);
        await rig.Settle();
        Assert.Equal("6;refresher=uac", ((SipResponse)rig.Sent().Last()).Headers.Get(HeaderName.SessionExpires));
        await rig.Advance(TimeSpan.FromSeconds(3.9));
        Assert.Empty(rig.SessionExpired);
        await rig.Advance(TimeSpan.FromSeconds(0.3));
        Assert.Same(dialog, rig.SessionExpired.Single());
        Assert.Empty(rig.SessionDue);
    }

    [Fact(DisplayName = "As UAS: a caller without timers is refreshed by us, and nothing is left to fire once the dialog is over")]
    public async Task As_uas_for_a_caller_without_timers()
    {
        await using var rig = NewRig();
        var dialog = await rig.EstablishAsync();
        Assert.Equal(new SessionInterval(6, true), dialog.SessionHeld);
        rig.Endpoint.Dialogs.Remove(dialog);
        await rig.Advance(TimeSpan.FromSeconds(5));
        Assert.Empty(rig.SessionDue);
        Assert.Empty(rig.SessionExpired);
    }

    private static StackRig NewRig() => new(options => options with
    {
        Session = new SessionTimerOptions { IntervalSeconds = 6, MinimumSeconds = 3 },
        SupportedExtensions = ["timer"],
    });
}
