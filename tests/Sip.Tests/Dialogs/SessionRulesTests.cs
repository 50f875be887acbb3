using ClickToDial.Sip.Dialogs;
using ClickToDial.Sip.Messages;

namespace ClickToDial.Sip.Tests.Dialogs;

public sealed class SessionRulesTests
{
    private static readonly SessionTimerOptions Options = new();

    [Theory(DisplayName = "RFC 4028 section 9, table 2: who refreshes, by what the caller can and asks for")]
    [InlineData(false, null, SessionRefresher.Uas)]
    [InlineData(false, SessionRefresher.Uac, SessionRefresher.Uas)]
    [InlineData(false, SessionRefresher.Uas, SessionRefresher.Uas)]
    [InlineData(true, null, SessionRefresher.Uac)]
    [InlineData(true, SessionRefresher.Uac, SessionRefresher.Uac)]
    [InlineData(true, SessionRefresher.Uas, SessionRefresher.Uas)]
    public void Refresher(bool supports, SessionRefresher? asked, SessionRefresher granted) =>
        Assert.Equal(granted, SessionRules.Grant(new SessionExpires(600, asked), null, supports, Options).Refresher);

    [Theory(DisplayName = "RFC 4028 section 9: what was asked for may be shortened, but not below the peer's minimum, and never lengthened")]
    [InlineData(null, null, 1800u)]
    [InlineData(null, 3600u, 3600u)]
    [InlineData(600u, null, 600u)]
    [InlineData(7200u, null, 1800u)]
    [InlineData(7200u, 3600u, 3600u)]
    [InlineData(7200u, 9000u, 7200u)]
    public void Length(uint? asked, uint? minimum, uint granted) =>
        Assert.Equal(granted, SessionRules.Grant(asked is { } seconds ? new SessionExpires(seconds, null) : null, minimum, true, Options).Seconds);

    [Theory(DisplayName = "RFC 4028 section 4: less than 90 s is never granted, also to who would not understand a 422")]
    [InlineData(0u)]
    [InlineData(1u)]
    [InlineData(89u)]
    public void Least(uint asked) => Assert.Equal(90u, SessionRules.Grant(new SessionExpires(asked, null), null, false, Options).Seconds);

    [Theory(DisplayName = "RFC 4028 section 9: 422 only for who asks for too little and would understand it")]
    [InlineData(89u, true, true)]
    [InlineData(90u, true, false)]
    [InlineData(89u, false, false)]
    [InlineData(null, true, false)]
    public void Too_small(uint? asked, bool supports, bool refused) =>
        Assert.Equal(refused, SessionRules.IsTooSmall(asked is { } seconds ? new SessionExpires(seconds, null) : null, supports, Options));

    [Theory(DisplayName = "RFC 4028 section 7.2: what holds after the peer's success; who says nothing of it is refreshed by us")]
    [InlineData(600u, SessionRefresher.Uac, 600u, true)]
    [InlineData(600u, SessionRefresher.Uas, 600u, false)]
    [InlineData(600u, null, 600u, true)]
    [InlineData(null, null, 1800u, true)]
    [InlineData(1u, SessionRefresher.Uac, 90u, true)]
    [InlineData(0u, SessionRefresher.Uas, 90u, false)]
    public void Agreement(uint? granted, SessionRefresher? refresher, uint seconds, bool we) =>
        Assert.Equal(new SessionInterval(seconds, we), SessionRules.Agree(granted is { } g ? new SessionExpires(g, refresher) : null, 1800, Options));

    [Theory(DisplayName = "RFC 4028 section 10: refreshed in the middle, given up a third before the end or 32 s before it")]
    [InlineData(1800u, 900, 1768)]
    [InlineData(90u, 45, 60)]
    [InlineData(96u, 48, 64)]
    public void Times(uint seconds, int refresh, int giveUp)
    {
        var held = new SessionInterval(seconds, WeRefresh: true);
        Assert.Equal((TimeSpan.FromSeconds(refresh), TimeSpan.FromSeconds(giveUp)), (held.RefreshAfter, held.GiveUpAfter));
    }

    [Theory(DisplayName = "RFC 4028 section 7.4: a refresh keeps the roles")]
    [InlineData(true, SessionRefresher.Uac)]
    [InlineData(false, SessionRefresher.Uas)]
    public void Roles(bool we, SessionRefresher refresher) =>
        Assert.Equal(new SessionExpires(600, refresher), SessionRules.Keep(new SessionInterval(600, we)));

    [Theory(DisplayName = "RFC 4028 section 7.3: after 422 the peer's minimum is asked for, if that is more")]
    [InlineData(null, null)]
    [InlineData(1800u, null)]
    [InlineData(2000u, 2000u)]
    public void After_refusal(uint? minimum, uint? asked) => Assert.Equal(asked, SessionRules.AfterRefusal(1800, minimum));
}
