using System.Net.WebSockets;
using System.Text.Json.Nodes;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;
using ClickToDial.Contracts.Events;
using ClickToDial.TestKit.Browser;
using ClickToDial.TestKit.Phones;
using ClickToDial.Worker.Tests.Support;

namespace ClickToDial.Worker.Tests.RemoteControl;

/// <summary>V6: a page controls its user's phone over the socket of a worker that runs as a process.</summary>
public sealed class RemoteControlTests : IClassFixture<RemoteWorker>
{
    private const double OwnHertz = 440;
    private const double OtherHertz = 660;

    private readonly LoneWorker _worker;

    // Users of each test's own, so that no test sees another's calls and phones.
    private readonly string _a;
    private readonly string _b;
    private readonly string _c;

    public RemoteControlTests(RemoteWorker fixture)
    {
        _worker = fixture.Worker;
        (_a, _b, _c) = fixture.NextUsers();
    }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    [Fact(DisplayName = "V6: make-call rings the user's phone, then the number; call-state tells each step, and clear-call ends it")]
    public async Task Call_is_made_and_cleared()
    {
        await using var mine = await PhoneAsync(_a, OwnHertz);
        await using var other = await PhoneAsync(_b, OtherHertz);
        await using var page = await PageAsync(_a);
        await page.CallsAsync(calls => calls.Count == 0);

        await page.SendAsync($$"""{"action":"make-call","to":"({{_b[0]}}) {{_b[1..]}}"}""");
        var ringing = await mine.RingsAsync();
        var call = (await page.CallsAsync(calls => calls is [var one] && (string?)one!["callstate"] == "alerting"))["calls"]![0]!;
        Assert.Equal(_b, (string?)call["to-number"]);
        await ringing.AnswerAsync();
        var rung = await other.RingsAsync();
        await page.CallsAsync(calls => calls is [var one] && (string?)one!["callstate"] == "ringback");
        await rung.AnswerAsync();
        await ringing.HearsAsync(OtherHertz);
        await page.CallsAsync(calls => calls is [var one] && (string?)one!["state"] == "connected" && (string?)one["connect"] != "");

        var told = page.Frames.Count;
        await page.SendAsync($$"""{"action":"clear-call","id":"{{call["id"]}}","connected":"true"}""");
        await ringing.EndsAsync();
        await rung.EndsAsync();
        await page.CallsAsync(calls => calls.Count == 0, told);
        await page.SendAsync($$"""{"action":"clear-call","id":"{{call["id"]}}"}""");
        Assert.Equal("call-not-found", await page.RefusedAsync("clear-call"));
    }

    [Fact(DisplayName = "V6: hold toggles, recording and mute are told, blind transfer moves the other side on")]
    public async Task Call_is_held_recorded_and_transferred()
    {
        await using var mine = await PhoneAsync(_a, OwnHertz);
        await using var other = await PhoneAsync(_b, OtherHertz);
        await using var third = await PhoneAsync(_c, 880);
        await using var page = await PageAsync(_a);
        var (id, ringing, rung) = await TalkAsync(page, mine, other);

        await page.SendAsync(Frame("hold-call", id));
        await page.CallsAsync(calls => First(calls, "callstate") == "holding");
        var held = page.Frames.Count;
        await page.SendAsync(Frame("hold-call", id));
        await page.CallsAsync(calls => First(calls, "callstate") == "connected", held);
        await page.SendAsync($$"""{"action":"rec-call","id":"{{id}}","startstop":"on"}""");
        await page.FrameAsync("rec-start");
        await page.CallsAsync(calls => First(calls, "rec") == "adhoc");
        await page.SendAsync($$"""{"action":"rec-call","id":"{{id}}","startstop":"off"}""");
        await page.FrameAsync("rec-stop");
        await page.SendAsync($$"""{"action":"mute","callid":"{{id}}","muted":"true"}""");
        await _worker.Functions.EventAsync(CallId.Parse(id), CallEventType.LegMuted);

        await page.SendAsync($$"""{"action":"blind-transfer","id":"{{id}}","from":"{{_a}}","to":"{{_c}}"}""");
        var last = await third.RingsAsync();
        await last.AnswerAsync();
        await ringing.EndsAsync();
        await last.HearsAsync(OtherHertz);
        Assert.False(rung.HasEnded);
        await page.CallsAsync(calls => calls.Count == 0, held);
        await page.SendAsync(Frame("clear-call", id));
        Assert.Equal("call-not-found", await page.RefusedAsync("clear-call"));
    }

    [Fact(DisplayName = "V6: accept-call has the user's phone answer, and a name with dots and dashes is called as it is")]
    public async Task Call_is_accepted()
    {
        await using var mine = await PhoneAsync(_a, OwnHertz, answersWhenTold: true);
        await using var other = await PhoneAsync(RemoteWorker.Dotted, OtherHertz, answersWhenTold: true);
        await using var page = await PageAsync(_a);
        await using var called = await PageAsync(RemoteWorker.Dotted);

        await page.SendAsync($$"""{"action":"make-call","to":"{{RemoteWorker.Dotted}}"}""");
        var ringing = await mine.RingsAsync();
        var id = (string)(await page.CallsAsync(calls => calls.Count == 1))["calls"]![0]!["id"]!;
        // Only what rings is told to answer: by then the phone has said that it takes such an order.
        await _worker.Functions.EventAsync(CallId.Parse(id), CallEventType.LegRinging, LegRole.User);
        await page.SendAsync(Frame("accept-call", id));
        var rung = await other.RingsAsync();
        await _worker.Functions.EventAsync(CallId.Parse(id), CallEventType.LegRinging, LegRole.Destination);
        await called.SendAsync(Frame("accept-call", id));

        await ringing.HearsAsync(OtherHertz);
        await rung.HearsAsync(OwnHertz);
        await page.CallsAsync(calls => First(calls, "callstate") == "connected");
    }

    [Fact(DisplayName = "V6: attended transfer joins whom the user talks to in two calls")]
    public async Task Two_calls_are_joined()
    {
        await using var mine = await PhoneAsync(_a, OwnHertz);
        await using var other = await PhoneAsync(_b, OtherHertz);
        await using var third = await PhoneAsync(_c, 880);
        await using var page = await PageAsync(_a);
        var (first, _, second) = await TalkAsync(page, mine, other);
        await page.SendAsync(Frame("hold-call", first));
        await page.CallsAsync(calls => First(calls, "callstate") == "holding");
        await page.SendAsync($$"""{"action":"make-call","to":"{{_c}}"}""");
        await (await mine.RingsAsync(from: 1)).AnswerAsync();
        var last = await third.RingsAsync();
        await last.AnswerAsync();
        var calls = (await page.CallsAsync(c => c.Count == 2 && (string?)c[1]!["state"] == "connected"))["calls"]!;

        await page.SendAsync($$"""{"action":"att-transfer","id":"{{first}}","id2":"{{calls[1]!["id"]}}"}""");

        await last.HearsAsync(OtherHertz);
        await second.HearsAsync(880);
    }

    [Fact(DisplayName = "V6: a called user's page is told who calls; calls of others do not exist for it")]
    public async Task Others_calls_are_nobodys_business()
    {
        await using var mine = await PhoneAsync(_a, OwnHertz);
        await using var other = await PhoneAsync(_b, OtherHertz);
        await using var page = await PageAsync(_a);
        await using var called = await PageAsync(_b);
        await using var stranger = await PageAsync(_c);
        var (id, _, _) = await TalkAsync(page, mine, other);

        Assert.Equal(_a, (string?)(await called.FrameAsync("callerid"))["number"]);
        await called.CallsAsync(calls => calls is [var one] && (string?)one!["direction"] == "in" && (string?)one["state"] == "connected");
        foreach (var action in new[] { "clear-call", "hold-call", "accept-call" })
        {
            await stranger.SendAsync(Frame(action, id));
            Assert.Equal("call-not-found", await stranger.RefusedAsync(action));
        }
        await stranger.SendAsync("""{"action":"get-calls"}""");
        await stranger.CallsAsync(calls => calls.Count == 0);

        await stranger.SendAsync("""{"action":"domain-calls","subscribe":true}""");
        await stranger.FrameAsync("domain-state", f => f["accounts"]!.AsArray().Single(a => (string?)a!["account"] == _a)!["calls"]!.AsArray().Count == 1);
        await stranger.SendAsync("""{"action":"get-users"}""");
        var users = (await stranger.FrameAsync("domain-state"))["accounts"]!.AsArray();
        Assert.Equal([true, true, false], new[] { _a, _b, _c }.Select(name => (bool)users.Single(a => (string?)a!["account"] == name)!["registered"]!));
    }

    [Fact(DisplayName = "F4, V6: who is called in the place of what a page asked for is not listed to its user, and is to others of the domain")]
    public async Task Who_is_called_in_the_place_is_not_listed()
    {
        await using var mine = await PhoneAsync(_a, OwnHertz);
        await using var other = await PhoneAsync(_b, OtherHertz);
        await using var page = await PageAsync(_a);
        await using var third = await PageAsync(_c);
        await page.SendAsync("""{"action":"domain-calls","subscribe":true}""");
        await third.SendAsync("""{"action":"domain-calls","subscribe":true}""");
        await _worker.Api.OriginateAsync(new OriginateCommand(LoneWorker.Domain, _a, _b, Asked: "sales"));
        await (await mine.RingsAsync()).AnswerAsync();
        await (await other.RingsAsync()).AnswerAsync();

        await third.FrameAsync("domain-state", f => CallsOf(f, _a) is [{ } one] && (string?)one["state"] == "connected" && CallsOf(f, _b).Count == 1);
        var told = await page.FrameAsync("domain-state", f => CallsOf(f, _a) is [{ } one] && (string?)one["state"] == "connected");
        Assert.Equal("sales", (string?)CallsOf(told, _a)[0]!["to-number"]);
        foreach (var frame in page.Frames.Snapshot().Where(f => (string?)f["action"] == "domain-state")) Assert.Empty(CallsOf(frame, _b));

        static JsonArray CallsOf(JsonNode frame, string user) =>
            frame["accounts"]!.AsArray().Single(a => (string?)a!["account"] == user)!["calls"]?.AsArray() ?? [];
    }

    [Theory(DisplayName = "V6: without a session that holds there is no upgrade")]
    [InlineData("none", "401")]
    [InlineData("nonsense", "401")]
    [InlineData("expired", "401")]
    [InlineData("other-user", "401")]
    [InlineData("other-domain", "401")]
    [InlineData("other-origin", "403")]
    public async Task Session_that_does_not_hold(string what, string status)
    {
        var token = what switch
        {
            "none" => "",
            "nonsense" => "a.b.c",
            "expired" => Token(_a, claims => claims["exp"] = Now.AddMinutes(-1).ToUnixTimeSeconds()),
            "other-user" => Token(_b),
            "other-origin" => Token(_a, claims => claims["origin"] = "https://other.example"),
            _ => _worker.Functions.Mint.Token("other.test", _a, Now),
        };
        var refused = await Assert.ThrowsAsync<WebSocketException>(() =>
            RemotePage.OpenAsync(_worker.Settings.ControlUrl, $"?domain={LoneWorker.Domain}&user={_a}&session={token}"));
        Assert.Contains(status, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_of_an_origin_that_nobody_named_gets_no_socket_whatever_cookie_it_has()
    {
        var refused = await Assert.ThrowsAsync<WebSocketException>(() => RemotePage.OpenAsync(_worker.Settings.ControlUrl, "", o =>
        {
            o.SetRequestHeader("Origin", "https://evil.example");
            o.SetRequestHeader("Cookie", $"session={Token(_a)}");
        }));
        Assert.Contains("403", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Session_may_come_as_cookie_and_as_bearer()
    {
        foreach (var (name, value) in new[] { ("Cookie", $"other=1; session={Token(_a)}"), ("Authorization", $"Bearer {Token(_a)}") })
        {
            await using var page = await RemotePage.OpenAsync(_worker.Settings.ControlUrl, $"?domain={LoneWorker.Domain}&user={_a}", o => o.SetRequestHeader(name, value));
            await page.CallsAsync(calls => calls.Count == 0);
        }
    }

    [Fact(DisplayName = "B2: a token's calls and destinations bind remote control too")]
    public async Task Token_binds_calls()
    {
        await using var mine = await PhoneAsync(_a, OwnHertz);
        await using var page = await PageAsync(_a, claims => claims["destinations"] = new JsonArray("echo"));
        await page.SendAsync($$"""{"action":"make-call","to":"{{_b}}"}""");
        Assert.Equal("token-destination-not-covered", await page.RefusedAsync("make-call"));
        var from = page.Frames.Count;
        await page.SendAsync("""{"action":"make-call","to":"echo"}""");
        (await mine.RingsAsync()).Reject(486);
        await page.SendAsync("""{"action":"make-call","to":"echo"}""");
        Assert.Equal("token-spent", await page.RefusedAsync("make-call", from));
    }

    [Fact(DisplayName = "V6: who a token lets call some destinations only is not told who is in the domain")]
    public async Task Token_for_some_destinations_sees_no_users()
    {
        await using var page = await PageAsync(_a, claims => claims["destinations"] = new JsonArray("echo"));
        await page.SendAsync("""{"action":"get-users"}""");
        Assert.Equal("scope-missing", await page.RefusedAsync("get-users"));
        await page.SendAsync("""{"action":"domain-calls","subscribe":true}""");
        Assert.Equal("scope-missing", await page.RefusedAsync("domain-calls"));
    }

    [Fact(DisplayName = "B2: a blind transfer dials, so it takes one of the token's calls and is refused when they are spent")]
    public async Task Token_binds_blind_transfers()
    {
        await using var mine = await PhoneAsync(_a, OwnHertz);
        await using var other = await PhoneAsync(_b, OtherHertz);
        await using var page = await PageAsync(_a, claims => claims["calls"] = 1);
        var (id, _, rung) = await TalkAsync(page, mine, other);
        await page.SendAsync($$"""{"action":"blind-transfer","id":"{{id}}","from":"{{_a}}","to":"{{_c}}"}""");
        Assert.Equal("token-spent", await page.RefusedAsync("blind-transfer"));
        Assert.False(rung.HasEnded);
    }

    [Fact(DisplayName = "V6: a page cannot stop a recording that its user's calls must have")]
    public async Task Recording_by_rule_is_not_stopped()
    {
        await using var mine = await PhoneAsync(RemoteWorker.Recorded, OwnHertz);
        await using var other = await PhoneAsync(_b, OtherHertz);
        await using var page = await PageAsync(RemoteWorker.Recorded);
        var (id, _, _) = await TalkAsync(page, mine, other);
        await page.FrameAsync("rec-start");
        await page.SendAsync($$"""{"action":"rec-call","id":"{{id}}","startstop":"off"}""");
        Assert.Equal("recording-required", await page.RefusedAsync("rec-call"));
    }

    [Theory(DisplayName = "V6: limits close the socket and say why")]
    [InlineData("large", "frame-too-large")]
    [InlineData("binary", "not-text")]
    [InlineData("many", "too-many-frames")]
    [InlineData("silent", "idle")]
    [InlineData("expires", "token-expired")]
    public async Task Limit(string what, string why)
    {
        await using var page = what == "expires" ? await ShortLivedPageAsync(_a) : await PageAsync(_a);
        if (what == "large") await page.SendAsync($$"""{"action":"{{new string('x', 20_000)}}"}""");
        if (what == "binary") await page.SendAsync("{}", WebSocketMessageType.Binary);
        if (what == "many")
            for (var i = 0; i < 60 && !page.Closed.Task.IsCompleted; i++) await TrySendAsync(page);
        Assert.Equal(why, await page.Closed.Task.WaitAsync(TestKit.Events.Patience.Step, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Frame_that_is_none_and_one_that_nobody_does_are_answered_and_the_socket_stays()
    {
        await using var page = await PageAsync(_a);
        await page.SendAsync("{");
        Assert.Equal("frame-invalid", await page.RefusedAsync(""));
        await page.SendAsync("""{"action":"chat","message":"m"}""");
        Assert.Equal("command-not-supported", await page.RefusedAsync("chat"));
        await page.SendAsync($$"""{"action":"session","value":"{{Token(_b)}}"}""");
        Assert.Equal("token-invalid", await page.RefusedAsync("session"));
        await page.SendAsync($$"""{"action":"session","value":"{{Token(_a)}}"}""");
        var from = page.Frames.Count;
        await page.SendAsync("""{"action":"get-calls"}""");
        await page.CallsAsync(calls => calls.Count == 0, from);
    }

    [Fact]
    public async Task User_with_too_many_sockets_gets_503()
    {
        await using var one = await PageAsync(_a);
        await using var two = await PageAsync(_a);
        await using var three = await PageAsync(_a);
        Assert.Contains("503", (await Assert.ThrowsAsync<WebSocketException>(() => PageAsync(_a))).Message, StringComparison.Ordinal);
        await (await PageAsync(_b)).DisposeAsync();
    }

    private static string? First(JsonArray calls, string member) => calls.Count == 0 ? null : (string?)calls[0]![member];

    private static string Frame(string action, string id) => $$"""{"action":"{{action}}","id":"{{id}}"}""";

    private static async Task TrySendAsync(RemotePage page)
    {
        try
        {
            await page.SendAsync("""{"action":"wskeepalive"}""");
        }
        catch (Exception e) when (e is WebSocketException or InvalidOperationException)
        {
            // Closed while it was sent.
        }
    }

    private static async Task<(string Id, PhoneCall Mine, PhoneCall Other)> TalkAsync(RemotePage page, Phone mine, Phone other)
    {
        await page.SendAsync($$"""{"action":"make-call","to":"{{other.User}}"}""");
        var ringing = await mine.RingsAsync();
        await ringing.AnswerAsync();
        var rung = await other.RingsAsync();
        await rung.AnswerAsync();
        var told = await page.CallsAsync(calls => calls is [var one] && (string?)one!["state"] == "connected");
        return ((string)told["calls"]![0]!["id"]!, ringing, rung);
    }

    private Task<Phone> PhoneAsync(string user, double hertz, bool answersWhenTold = false) =>
        Phone.RegisteredAsync(_worker.PhoneOf(user, hertz) with { OnCall = IncomingCall.Ring, AnswersWhenTold = answersWhenTold });

    private Task<RemotePage> PageAsync(string user, Action<JsonObject>? change = null) =>
        RemotePage.OpenAsync(_worker.Settings.ControlUrl, $"?domain={LoneWorker.Domain}&user={user}&session={Token(user, change)}");

    /// <summary>A page whose token ends soon, but not before it was let in: a busy machine gets longer ones.</summary>
    private async Task<RemotePage> ShortLivedPageAsync(string user)
    {
        for (var seconds = 2; ; seconds *= 2)
        {
            try
            {
                return await PageAsync(user, claims => claims["exp"] = Now.AddSeconds(seconds).ToUnixTimeSeconds());
            }
            catch (WebSocketException) when (seconds < 8)
            {
                // It was over before it was looked at.
            }
        }
    }

    private string Token(string user, Action<JsonObject>? change = null) => _worker.Functions.Mint.Token(LoneWorker.Domain, user, Now, claims =>
    {
        if (change is null) claims["calls"] = 10;
        change?.Invoke(claims);
    });
}
