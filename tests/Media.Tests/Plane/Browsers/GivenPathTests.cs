using ClickToDial.Media.Dtls;
using ClickToDial.Media.Plane;
using ClickToDial.Media.Rtp;
using ClickToDial.Media.Sdp;

namespace ClickToDial.Media.Tests.Plane.Browsers;

/// <summary>A browser that another leg takes over, or none.</summary>
public sealed class GivenPathTests : BrowserRig
{
    [Fact]
    public void Another_leg_takes_the_browser_over_and_nobody_has_to_be_asked()
    {
        Connect();
        FromPhone(1);
        var heir = new LegState(null!, 3, 30, 31, new OutgoingRtp(7, 8, 9));
        Relay.Add(heir);
        var given = new GivenPath(null!, "peer", null!);
        Relay.DetachPath(Browser, given);
        FromPhone(2);
        Assert.Equal(1, Browser.Sent);
        Relay.Remove(Browser);
        Relay.AttachPath(heir, given);
        var agreement = new AudioAgreement(null, 9, 9, RtcpMux: true, MediaDirection.SendRecv, 20, Codecs);
        Relay.NegotiateBrowser(heir, agreement, new LegCodecs(Codecs), new BrowserPeer("peer", [Theirs.Fingerprint], DtlsRole.Passive));
        Relay.Bridge(heir, Phone);
        FromPhone(3);
        Assert.Equal(1, heir.Sent);
        Assert.Equal(LastDatagramEngine.Shared, Engine.Socket);
        var before = Phone.Sent;
        Deliver(Protected(1), Home);
        Assert.Equal((1, before + 1), (heir.Received.Received, Phone.Sent));
        Engine.Forget();
        Deliver(Check(nominate: true), Home);
        Assert.NotEqual(0, Engine.Length);
        Relay.Remove(heir);
    }

    [Fact]
    public void A_browser_that_no_leg_takes_is_let_go()
    {
        Connect();
        var given = new GivenPath(null!, "peer", null!);
        Relay.DetachPath(Browser, given);
        Relay.DropPath(given);
        Relay.AttachPath(Browser, given);
        Engine.Forget();
        Deliver(Check(nominate: true), Home);
        Assert.Equal(0, Engine.Length);
    }

    [Fact]
    public void A_leg_that_is_closed_is_found_by_nobody()
    {
        Connect();
        Relay.Remove(Browser);
        Engine.Forget();
        Deliver(Check(nominate: true), Home);
        Deliver(Protected(1), Home);
        Assert.Equal(0, Engine.Length);
    }
}
