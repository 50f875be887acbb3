using System.Net;
using ClickToDial.Media.Dtls;
using ClickToDial.Media.Linux;
using ClickToDial.Media.Plane;
using ClickToDial.Media.Rtp;
using ClickToDial.Media.Sdp;

namespace ClickToDial.Media.Tests.Plane.Browsers;

/// <summary>A leg whose offer went to several browsers and phones: who answers is heard, and nobody is in the way.</summary>
public sealed class BrowserForkTests : BrowserRig
{
    [Fact]
    public void Of_two_browsers_that_were_offered_a_leg_the_accepted_one_is_heard_though_the_other_began()
    {
        var (offered, credentials) = Offered();
        using var refused = DtlsContext.Create(TimeProvider.System);
        Connect(Elsewhere, credentials, refused, priority: 200, sender: "rival");
        Accepted(offered);
        FromPhone(1);
        Assert.Equal(0, offered.Sent);

        Connect(Home, credentials, Theirs, priority: 100);
        FromPhone(2);
        Assert.Equal(1, offered.Sent);
        Assert.True(Engine.To.SameAs(Home));
        Deliver(Protected(1), Home);
        Assert.Equal((1, 1), (offered.Received.Received, Phone.Sent));
        Assert.Empty(Told.OfType<PathLost>());
        Relay.Remove(offered);
    }

    [Fact]
    public void A_handshake_that_a_refused_browser_has_begun_is_in_nobodys_way()
    {
        var (offered, credentials) = Offered();
        using var refused = DtlsContext.Create(TimeProvider.System);
        Deliver(Check(nominate: true, credentials, 200, "rival"), Elsewhere);
        Hello(refused, Elsewhere);
        Assert.NotEmpty(Engine.Queue); // It was answered, and goes no further.
        Deliver(Check(nominate: true, credentials, 100), Home);
        Hello(Theirs, Home);
        Assert.Empty(Engine.Queue); // The other is to repeat itself.
        Accepted(offered);

        Connect(Home, credentials, Theirs, priority: 100);
        FromPhone(1);
        Assert.Equal(1, offered.Sent);
        Assert.True(Engine.To.SameAs(Home));
        Assert.Empty(Told.OfType<PathLost>());
        Relay.Remove(offered);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_browser_that_goes_after_a_phone_has_answered_in_its_place_takes_nothing_along(bool completed)
    {
        var (offered, credentials) = Offered();
        using var rival = DtlsContext.Create(TimeProvider.System);
        using var client = new DtlsSession(rival, DtlsRole.Active);
        Deliver(Check(nominate: true, credentials, sender: "rival"), Elsewhere);
        if (completed) Shake(client, Elsewhere);
        else Hello(rival, Elsewhere);
        var agreement = new AudioAgreement(IPAddress.Loopback, 6000, 6001, RtcpMux: false, MediaDirection.SendRecv, 20, Codecs);
        Relay.Negotiate(offered, agreement, new LegCodecs(Codecs), SocketName.From(IPAddress.Loopback, 6000));
        Relay.Bridge(offered, Phone);
        FromPhone(1);
        Assert.Equal(1, offered.Sent);

        if (completed) Close(client, Elsewhere);
        else Deliver(HandshakeFailure, Elsewhere);
        FromPhone(2);
        Assert.Equal((2, offered.RtpSocket), (offered.Sent, Engine.Socket));
        Assert.Empty(Told.OfType<PathLost>());
        Assert.Null(offered.Browser!.Dtls);
        Relay.Remove(offered);
    }

    [Fact]
    public void Checks_of_a_browser_that_was_not_accepted_are_not_answered()
    {
        Connect();
        Engine.Forget();
        Deliver(Check(nominate: true, priority: 200, sender: "rival"), Elsewhere);
        Assert.Equal(0, Engine.Length);
        FromPhone(1);
        Assert.True(Engine.To.SameAs(Home));
    }

    [Fact]
    public void Somebody_else_answers_and_the_leg_is_a_phones_again()
    {
        Connect();
        var agreement = new AudioAgreement(IPAddress.Loopback, 6000, 6001, RtcpMux: false, MediaDirection.SendRecv, 20, Codecs);
        Relay.Negotiate(Browser, agreement, new LegCodecs(Codecs), SocketName.From(IPAddress.Loopback, 6000));
        FromPhone(1);
        Assert.Equal(Browser.RtpSocket, Engine.Socket);
        Assert.True(RtpHeader.TryRead(Engine.Datagram, out var header) && header.PayloadLength == 160);
    }
}
