using ClickToDial.Media.Dtls;
using ClickToDial.Media.Ice;
using ClickToDial.Media.Plane;

namespace ClickToDial.Media.Tests.Plane.Browsers;

/// <summary>When a browser may be sent to: keys, consent (RFC 7675), and what ends it.</summary>
public sealed class BrowserConsentTests : BrowserRig
{
    [Fact]
    public void Nothing_is_sent_before_there_are_keys()
    {
        FromPhone(1);
        Assert.Equal(0, Browser.Sent);
        Deliver(Check(nominate: true), Home);
        FromPhone(2);
        Assert.Equal(0, Browser.Sent);
        Connect();
        FromPhone(3);
        Assert.Equal(1, Browser.Sent);
        Assert.True(Engine.To.SameAs(Home));
    }

    [Fact]
    public void Half_a_minute_without_consent_ends_the_sending_and_is_told_once()
    {
        Connect();
        Time.Advance(TimeSpan.FromSeconds(29));
        Relay.Tick();
        Deliver(Check(nominate: false), Home);
        Time.Advance(TimeSpan.FromSeconds(29));
        Relay.Tick();
        FromPhone(1);
        Assert.Equal(1, Browser.Sent);
        Assert.DoesNotContain(Told, told => told is PathLost);

        Time.Advance(TimeSpan.FromSeconds(2));
        Relay.Tick();
        Time.Advance(TimeSpan.FromSeconds(2));
        Relay.Tick();
        FromPhone(2);
        Assert.Equal(1, Browser.Sent);
        Assert.Equal(PathFault.Consent, Assert.Single(Told.OfType<PathLost>()).Fault);

        Deliver(Check(nominate: false), Home); // it is back
        FromPhone(3);
        Assert.Equal(2, Browser.Sent);
    }

    [Fact]
    public void A_peer_that_closed_its_dtls_and_went_is_missed()
    {
        Connect(closes: true);
        FromPhone(1);
        Assert.Equal(0, Browser.Sent);
        Time.Advance(TimeSpan.FromSeconds(31));
        Relay.Tick();
        Assert.Equal(PathFault.Consent, Assert.Single(Told.OfType<PathLost>()).Fault);
    }

    [Fact]
    public void A_late_check_from_elsewhere_revives_nothing_whose_consent_is_over()
    {
        Connect();
        Relay.OpenPath(Browser, IceCredentials.Create());
        Time.Advance(TimeSpan.FromSeconds(31));
        Relay.Tick();
        Deliver(Check(nominate: true), Elsewhere); // by the credentials before
        FromPhone(1);
        Assert.Equal(0, Browser.Sent);
        Deliver(Check(nominate: true), Home);
        FromPhone(2);
        Assert.Equal(1, Browser.Sent);
    }

    [Fact]
    public void A_check_that_was_caught_and_comes_again_moves_nothing()
    {
        Connect();
        var caught = Check(nominate: true, priority: 200);
        Deliver(caught, Home);
        Engine.Forget();
        Deliver(caught, Elsewhere);
        Assert.Equal(0, Engine.Length);
        FromPhone(1);
        Assert.True(Engine.To.SameAs(Home));
        Engine.Forget();
        Deliver(caught, Home); // The browser itself repeats one whose answer was lost.
        Assert.NotEqual(0, Engine.Length);

        Time.Advance(TimeSpan.FromSeconds(29));
        Deliver(caught, Home); // It is answered, but old consent is none.
        Time.Advance(TimeSpan.FromSeconds(2));
        Relay.Tick();
        Assert.Equal(PathFault.Consent, Assert.Single(Told.OfType<PathLost>()).Fault);
    }

    [Fact]
    public void Another_certificate_than_the_answer_announces_is_told_though_it_was_shown_before()
    {
        var (offered, credentials) = Offered();
        using var impostor = DtlsContext.Create(TimeProvider.System);
        Connect(Home, credentials, impostor);
        Accepted(offered);
        Assert.Equal(PathFault.Fingerprint, Assert.Single(Told.OfType<PathLost>()).Fault);
        FromPhone(1);
        Assert.Equal(0, offered.Sent);
        Relay.Remove(offered);
    }
}
