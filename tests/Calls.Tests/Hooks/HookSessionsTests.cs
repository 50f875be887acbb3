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

    [Fact(DisplayName = "F4: browsers of other workers are known beside a user's own, whose places they do not take")]
    public void Lent_by_another_worker()
    {
        var sessions = new HookSessions(_time);
        for (var i = 0; i < HookSessions.MostOfUser; i++) Assert.True(sessions.TryAdd($"s{i}", Of("101")));
        var lent = With(NewRules());
        sessions.Lend("theirs", lent);
        Assert.Same(lent.Rules, sessions.Find("theirs")!.Rules);
        Assert.Contains("theirs", sessions.Of("demo.local", "101"));
        Assert.DoesNotContain("theirs", sessions.Of("demo.local", "102"));
        sessions.Remove("theirs");
        Assert.Null(sessions.Find("theirs"));
    }

    [Fact(DisplayName = "F2: of what a back end wants for its domain the last word holds, whichever worker it was said to")]
    public void Last_word_holds()
    {
        var (first, second, third, fourth) = (NewRules(), NewRules(), NewRules(), NewRules());
        var sessions = new HookSessions(_time);
        var before = _time.GetUtcNow();
        sessions.Lend("theirs", With(first), before);
        Assert.Same(first, sessions.RulesOf("demo.local"));
        _time.Advance(TimeSpan.FromMinutes(1));
        sessions.Lend("theirs-too", With(second), _time.GetUtcNow());
        Assert.Same(second, sessions.RulesOf("demo.local"));

        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(sessions.TryAdd("own", With(third)));
        sessions.Lend("theirs", With(first), before); // as after a link that broke
        Assert.Same(third, sessions.RulesOf("demo.local"));

        _time.Advance(TimeSpan.FromMinutes(1));
        sessions.Lend("of-another-version", With(fourth));
        Assert.Same(fourth, sessions.RulesOf("demo.local"));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(sessions.TryAdd("own", With(third)));
        sessions.Lend("of-another-version", With(fourth));
        Assert.Same(third, sessions.RulesOf("demo.local"));
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

    private static HookRules NewRules() => HookRules.Read(new System.Text.Json.Nodes.JsonObject());

    private HookSession With(HookRules rules) => Of("101") with { Rules = rules };

    private HookSession Of(string user) => new(HookRules.Default, IPAddress.Loopback, "demo.local", user, _time.GetUtcNow().AddMinutes(5));
}
