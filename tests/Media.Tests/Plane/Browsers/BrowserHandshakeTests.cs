using ClickToDial.Media.Dtls;
using ClickToDial.Media.Linux;
using ClickToDial.Media.Plane;

namespace ClickToDial.Media.Tests.Plane.Browsers;

/// <summary>F4: handshakes that fail, or never come about, are told apart from a browser that is gone.</summary>
public sealed class BrowserHandshakeTests : BrowserRig
{
    [Fact]
    public void Who_is_there_and_does_not_come_through_with_its_handshake_is_told_once()
    {
        Stay(seconds: 14);
        Assert.Empty(Lost);
        Stay(seconds: 20);
        Assert.Equal([PathFault.Handshake], Lost);
    }

    [Fact]
    public void Who_goes_before_its_handshake_is_missed_and_not_blamed()
    {
        Deliver(Check(nominate: true), Home);
        for (var second = 0; second < 40; second++) Pass();
        Assert.Equal([PathFault.Consent], Lost);
    }

    [Fact]
    public void Who_was_late_and_comes_through_is_blamed_for_nothing()
    {
        Stay(seconds: 14);
        Connect();
        Stay(seconds: 20);
        Assert.Empty(Lost);
        FromPhone(1);
        Assert.Equal(1, Browser.Sent);
    }

    [Fact]
    public void An_alert_of_the_browser_is_told_at_once()
    {
        Deliver(Check(nominate: true), Home);
        Hello(Theirs, Home);
        Deliver(HandshakeFailure, Home);
        Assert.Equal([PathFault.Handshake], Lost);
        Stay(seconds: 20);
        Assert.Equal([PathFault.Handshake], Lost);
    }

    [Theory]
    [InlineData("peer", 1)]
    [InlineData("rival", 0)]
    public void An_alert_before_the_answer_is_told_with_it_if_it_was_the_answerers(string sender, int told)
    {
        var (offered, credentials) = Offered();
        Deliver(Check(nominate: true, credentials, sender: sender), Elsewhere);
        Hello(Theirs, Elsewhere);
        Deliver(HandshakeFailure, Elsewhere);
        Assert.Empty(Lost);
        Accepted(offered);
        Assert.Equal(Enumerable.Repeat(PathFault.Handshake, told), Lost);
        Relay.Remove(offered);
    }

    [Fact]
    public void A_browser_that_waits_for_us_and_does_not_answer_our_hello_is_told()
    {
        var (offered, credentials) = Offered();
        Deliver(Check(nominate: true, credentials), Elsewhere);
        Accepted(offered, DtlsRole.Active);
        Assert.InRange(Engine.Queue[^1][0], 20, 63); // our hello
        for (var second = 0; second < 14; second++) Pass(Check(nominate: false, credentials), Elsewhere);
        Assert.Empty(Lost);
        for (var second = 0; second < 3; second++) Pass(Check(nominate: false, credentials), Elsewhere);
        Assert.Equal([PathFault.Handshake], Lost);
        Relay.Remove(offered);
    }

    private IEnumerable<PathFault> Lost => Told.OfType<PathLost>().Select(lost => lost.Fault);

    private void Stay(int seconds)
    {
        for (var second = 0; second < seconds; second++) Pass(Check(nominate: true), Home);
    }

    private void Pass(byte[] check, in SocketName from)
    {
        Deliver(check, from);
        Pass();
    }

    private void Pass()
    {
        Time.Advance(TimeSpan.FromSeconds(1));
        Relay.Tick();
    }
}
