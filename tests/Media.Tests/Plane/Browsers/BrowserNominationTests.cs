using ClickToDial.Media.Ice;
using ClickToDial.Media.Plane;

namespace ClickToDial.Media.Tests.Plane.Browsers;

/// <summary>Which of a browser's paths is used, before and after an ICE restart (RFC 8445).</summary>
public sealed class BrowserNominationTests : BrowserRig
{
    [Fact]
    public void A_check_from_elsewhere_moves_nothing_until_it_nominates()
    {
        Connect();
        Deliver(Check(nominate: false), Elsewhere);
        FromPhone(1);
        Assert.True(Engine.To.SameAs(Home));
        Deliver(Check(nominate: true), Elsewhere);
        FromPhone(2);
        Assert.True(Engine.To.SameAs(Elsewhere));
    }

    [Fact]
    public void Of_several_nominations_the_highest_priority_is_followed_until_it_is_old()
    {
        Connect();
        Deliver(Check(nominate: true, priority: 200), Home);
        Deliver(Check(nominate: true, priority: 100), Elsewhere);
        FromPhone(1);
        Assert.True(Engine.To.SameAs(Home));
        Time.Advance(TimeSpan.FromSeconds(11));
        Deliver(Check(nominate: true, priority: 100), Elsewhere);
        FromPhone(2);
        Assert.True(Engine.To.SameAs(Elsewhere));
    }

    [Fact]
    public void A_peer_that_goes_on_with_another_path_without_nominating_it_is_followed()
    {
        Connect();
        for (var second = 0; second < 60; second += 5)
        {
            Time.Advance(TimeSpan.FromSeconds(5));
            Relay.Tick();
            Deliver(Check(nominate: false), Elsewhere);
        }
        FromPhone(1);
        Assert.True(Engine.To.SameAs(Elsewhere));
        Assert.Empty(Told.OfType<PathLost>());
    }

    [Fact]
    public void A_restart_may_choose_a_path_of_lower_priority()
    {
        Connect();
        Deliver(Check(nominate: true, priority: 200), Home);
        var fresh = IceCredentials.Create();
        Relay.OpenPath(Browser, fresh);
        Deliver(Check(nominate: true, fresh, priority: 100), Elsewhere);
        FromPhone(1);
        Assert.True(Engine.To.SameAs(Elsewhere));
    }

    [Fact]
    public void After_a_restart_the_old_fragment_consents_but_chooses_nothing()
    {
        Connect();
        var fresh = IceCredentials.Create();
        Relay.OpenPath(Browser, fresh);
        Deliver(Check(nominate: true), Elsewhere); // by the old one
        FromPhone(1);
        Assert.True(Engine.To.SameAs(Home));
        Deliver(Check(nominate: true, fresh), Elsewhere);
        FromPhone(2);
        Assert.True(Engine.To.SameAs(Elsewhere));
        Engine.Forget();
        Deliver(Check(nominate: true), Home); // the old one is over
        Assert.Equal(0, Engine.Length);
    }
}
