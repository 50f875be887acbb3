using System.Net;
using ClickToDial.Calls.Hooks;
using ClickToDial.TestKit.Time;

namespace ClickToDial.Calls.Tests.Hooks;

public sealed class HookSessionsTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact(DisplayName = "F4: one user's browsers do not take the place of everybody's, and those that have gone or expired make room")]
    public void One_user_has_so_many()
    {
        var sessions = new HookSessions(_time);
        for (var i = 0; i < HookSessions.MostOfUser; i++) Assert.True(sessions.TryAdd($"s{i}", Of("101")));
        Assert.False(sessions.TryAdd("more", Of("101")));
        Assert.True(sessions.TryAdd("s0", Of("101")));
        Assert.True(sessions.TryAdd("other", Of("102")));

        sessions.Remove("s0");
        Assert.Null(sessions.Find("s0"));
        Assert.True(sessions.TryAdd("more", Of("101")));
        Assert.False(sessions.TryAdd("still-more", Of("101")));

        _time.Advance(TimeSpan.FromMinutes(6));
        Assert.True(sessions.TryAdd("later", Of("101")));
        Assert.Null(sessions.Find("s1"));
    }

    [Fact(DisplayName = "F4: browsers of other workers are known beside a user's own, whose places they do not take and whose back end's word stands")]
    public void Lent_by_another_worker()
    {
        var sessions = new HookSessions(_time);
        for (var i = 0; i < HookSessions.MostOfUser; i++) Assert.True(sessions.TryAdd($"s{i}", Of("101")));
        var rules = sessions.RulesOf("demo.local");
        var lent = Of("101") with { Rules = HookRules.Read(new System.Text.Json.Nodes.JsonObject()) };
        sessions.Lend("theirs", lent);
        Assert.Same(lent, sessions.Find("theirs"));
        Assert.Same(rules, sessions.RulesOf("demo.local"));
        Assert.Contains("theirs", sessions.Of("demo.local", "101"));
        Assert.DoesNotContain("theirs", sessions.Of("demo.local", "102"));
        sessions.Remove("theirs");
        Assert.Null(sessions.Find("theirs"));
    }

    [Theory]
    [InlineData(BrowserEventKind.Connected, true)]
    [InlineData(BrowserEventKind.Disconnected, false)]
    public async Task Session_is_kept_until_its_browser_has_gone(BrowserEventKind kind, bool isKept)
    {
        await using var rig = await HookRig.StartAsync();
        Assert.IsType<ConnectAnswer.Accepted>(await rig.ConnectAsync());
        rig.Browsers.Notify(new BrowserEvent(kind, "s1", _time.GetUtcNow(), "demo.local", "101"));
        Assert.Equal(isKept, rig.Parts.Sessions.Find("s1") is not null);
    }

    private HookSession Of(string user) => new(HookRules.Default, IPAddress.Loopback, "demo.local", user, _time.GetUtcNow().AddMinutes(5));
}
