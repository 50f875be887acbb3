using System.Text.Json.Nodes;
using ClickToDial.Browser.Chromium;
using ClickToDial.Browser.Suite;
using ClickToDial.TestKit.Phones;

namespace ClickToDial.Browser.Button;

/// <summary>A click in a real browser, spoken from the page, heard on a SIP phone (V7, F1, F4, F6).</summary>
public sealed class BrowserModeTests(BrowserFixture fixture) : IAsyncLifetime
{
    private const double PhoneHertz = 440;
    private const string Connected = "click-to-call[phase=connected]";

    private string _user = "";
    private Phone _phone = null!;

    public async ValueTask InitializeAsync()
    {
        BrowserFixture.SkipIfMissing();
        _user = fixture.NextUser();
        _phone = await fixture.PhoneAsync(PhoneHertz);
    }

    public async ValueTask DisposeAsync()
    {
        if (_phone is not null) await _phone.DisposeAsync();
    }

    [Fact(DisplayName = "V7: a click, the SIP library and the microphone, and both hear each other; keys, hold and hang up by the button")]
    public async Task Click_SpeaksAndIsHeard()
    {
        await using var page = await PageAsync();
        Assert.Empty(await SocketsAsync(page));
        Assert.Equal(0, await SipLibrariesAsync(page));
        var call = await TalkAsync(page);
        Assert.Equal(1, await SipLibrariesAsync(page));

        await page.ClickAsync("[part=keypad]");
        await page.ClickAsync("[data-key='5']");
        await page.FocusAsync("[part=hang-up]");
        await page.PressAsync("#");
        await call.Digits.WaitAsync(digit => digit == '5', "the key");
        await call.Digits.WaitAsync(digit => digit == '#', "the key that was typed");

        await page.ClickAsync("[part=hold]");
        await page.WaitAsync("[part=hold][aria-pressed=true]");
        Assert.Equal("On hold", await page.TextAsync("[part=status]"));
        await page.ClickAsync("[part=hold]");
        await page.WaitAsync("[part=hold][aria-pressed=false]");
        await call.HearsAsync(BrowserFixture.VoiceHertz, from: call.Heard.Count);
        await HearsAsync(page, PhoneHertz);

        await page.ClickAsync("[part=hang-up]");
        Assert.Equal(CallEnd.HungUpByPeer, await call.EndsAsync());
        await page.WaitAsync("click-to-call[phase=ended]");
    }

    [Fact]
    public async Task PhoneHangsUp_ButtonSaysSo()
    {
        await using var page = await PageAsync();
        var call = await TalkAsync(page);
        await call.HangUpAsync();
        await page.WaitAsync("click-to-call[phase=ended]");
        Assert.True(await page.IsVisibleAsync("[part=call]"));
    }

    [Fact]
    public async Task PhoneRefuses_ButtonSaysWhy()
    {
        await using var page = await PageAsync();
        await page.ClickAsync("[part=call]");
        (await _phone.RingsAsync()).Reject(486);
        await page.WaitAsync("click-to-call[phase=failed]");
        Assert.Equal("The line is busy", await page.TextAsync("[part=note]"));
    }

    [Fact(DisplayName = "V7: a dropped WebSocket drops no call, and the other side can still end it")]
    public async Task SocketDrops_CallGoesOn()
    {
        await using var page = await PageAsync();
        var call = await TalkAsync(page);
        await page.EvaluateAsync("ears.sockets.at(-1).close()");
        await page.WaitAsync("[part=box][data-waiting]");
        await page.EvaluateAsync("ears.until(() => ears.sockets.length > 1 && !document.querySelector('click-to-call').status.reconnecting, 'a new socket')");
        await call.HearsAsync(BrowserFixture.VoiceHertz, from: call.Heard.Count);
        await page.WaitAsync(Connected);
        await call.HangUpAsync();
        await page.WaitAsync("click-to-call[phase=ended]");
    }

    [Fact(DisplayName = "V7: a token is renewed before it expires, and the call is not touched")]
    public async Task TokenExpires_CallGoesOn()
    {
        await using var page = await PageAsync();
        await SessionsAsync(page, await TokenAsync(lifetime: 15), await TokenAsync(), await TokenAsync());
        var call = await TalkAsync(page);
        await page.EvaluateAsync("ears.until(() => tokensLeft() < 2, 'another token')");
        await call.HearsAsync(BrowserFixture.VoiceHertz, from: call.Heard.Count);
        await page.WaitAsync(Connected);
        Assert.Equal(1, _phone.CallCount);
    }

    [Fact(DisplayName = "V7: a token that is spent or expired is replaced by the next")]
    public async Task SpentToken_IsReplaced()
    {
        var spent = await TokenAsync(calls: 1);
        await using (var first = await PageAsync())
        {
            await SessionsAsync(first, spent);
            await (await TalkAsync(first)).HangUpAsync();
            await first.WaitAsync("click-to-call[phase=ended]");
        }
        await using var page = await PageAsync();
        await SessionsAsync(page, spent, await TokenAsync());
        await page.ClickAsync("[part=call]");
        await (await _phone.RingsAsync(from: 1)).AnswerAsync();
        await page.WaitAsync(Connected);
    }

    [Theory(DisplayName = "F3: a token that does not fit is refused in words")]
    [InlineData("origin", "\"https://other.example\"", "This page may not make calls")]
    [InlineData("destinations", "[\"+49*\"]", "Calls to this number are not allowed from this page")]
    public async Task TokenThatDoesNotFit_IsRefused(string member, string value, string said)
    {
        await using var page = await PageAsync();
        await SessionsAsync(page, await TokenAsync(change: body => body[member] = JsonNode.Parse(value)));
        await page.ClickAsync("[part=call]");
        await page.WaitAsync("click-to-call[phase=failed]");
        Assert.Equal(said, await page.TextAsync("[part=note]"));
        Assert.Equal(0, _phone.CallCount);
    }

    [Fact]
    public async Task MicrophoneThatIsBlocked_IsSaidSo()
    {
        await using var page = await PageAsync();
        await page.EvaluateAsync("void (navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotAllowedError')))");
        await page.ClickAsync("[part=call]");
        await page.WaitAsync("click-to-call[phase=failed]");
        Assert.Contains("microphone is blocked", await page.TextAsync("[part=note]"), StringComparison.Ordinal);
        Assert.Empty(await SocketsAsync(page));
    }

    [Theory(DisplayName = "F1: ICE over UDP, and over TCP where nothing else is let through")]
    [InlineData(false, "udp")]
    [InlineData(true, "tcp")]
    public async Task Transport(bool tcpOnly, string way)
    {
        await using var page = await PageAsync();
        await page.EvaluateAsync($"ears.tcpOnly = {(tcpOnly ? "true" : "false")}");
        await TalkAsync(page);
        Assert.Equal(way, (await page.EvaluateAsync("ears.way()"))!.GetValue<string>());
    }

    [Fact(DisplayName = "F1: the TURN server that comes with the session is the one that the browser goes by")]
    public async Task TurnServer_IsTheBrowsers()
    {
        await using var page = await PageAsync();
        var turn = new JsonObject { ["urls"] = new JsonArray("turn:127.0.0.1:9?transport=udp"), ["username"] = "1764547200:b1", ["credential"] = "c2VjcmV0" };
        await page.EvaluateAsync($"void (document.querySelector('click-to-call').session = async () => ({{ token: '{await TokenAsync()}', turn: {turn.ToJsonString()} }}))");
        await page.ClickAsync("[part=call]");
        var call = await _phone.RingsAsync();
        var servers = (await page.EvaluateAsync("ears.connections.at(-1).getConfiguration().iceServers"))!.AsArray();
        var told = Assert.Single(servers)!.AsObject();
        foreach (var (name, value) in turn) Assert.Equal(value!.ToJsonString(), told[name]!.ToJsonString());
        call.Reject(486);
        await page.WaitAsync("click-to-call[phase=failed]");
    }

    [Fact(DisplayName = "F4: a browser that finds another certificate than it was told of ends the call, and the button says why")]
    public async Task OtherCertificate_IsSaidSo()
    {
        await using var page = await PageAsync();
        await page.EvaluateAsync("ears.certificate = Array(32).fill('AB').join(':')");
        await page.ClickAsync("[part=call]");
        var call = await _phone.RingsAsync();
        await call.AnswerAsync();
        Assert.Equal(CallEnd.HungUpByPeer, await call.EndsAsync());
        await page.WaitAsync("click-to-call[phase=ended]");
        Assert.Equal("The sound could not be secured; please try again", await page.TextAsync("[part=note]"));
    }

    [Fact]
    public async Task PageLoadedAnewInTheMiddle_EndsTheCall()
    {
        await using var page = await PageAsync();
        var call = await TalkAsync(page);
        await page.ReloadAsync();
        Assert.Equal(CallEnd.HungUpByPeer, await call.EndsAsync());
    }

    private static async Task HearsAsync(BrowserPage page, double hertz) => await page.EvaluateAsync($"ears.hears({hertz})");

    private static async Task<IEnumerable<JsonNode?>> SocketsAsync(BrowserPage page) =>
        (await page.EvaluateAsync("ears.sockets.map((socket) => socket.url)"))!.AsArray();

    /// <summary>How often the part with the SIP library was fetched.</summary>
    private static async Task<int> SipLibrariesAsync(BrowserPage page) =>
        (await page.EvaluateAsync("performance.getEntriesByType('resource').filter((one) => one.name.includes('/chunks/browser-call')).length"))!.GetValue<int>();

    /// <summary>The page's back end gives these tokens, one after the other, and then the last again.</summary>
    private static async Task SessionsAsync(BrowserPage page, params string[] tokens) => await page.EvaluateAsync($$"""
        (() => {
          const tokens = {{new JsonArray([.. tokens.Select(t => (JsonNode)t)]).ToJsonString()}};
          window.tokensLeft = () => tokens.length;
          document.querySelector('click-to-call').session = async () => ({ token: tokens.length > 1 ? tokens.shift() : tokens[0] });
        })()
        """);

    private Task<BrowserPage> PageAsync() =>
        fixture.PageAsync(_user, $"<click-to-call mode=browser number='{_phone.User}'>Talk</click-to-call>", Ears.Script);

    /// <summary>A call from the page, answered, and heard on both sides.</summary>
    private async Task<PhoneCall> TalkAsync(BrowserPage page)
    {
        await page.ClickAsync("[part=call]");
        var call = await _phone.RingsAsync();
        Assert.Equal(_user, call.CallerNumber);
        await page.WaitAsync("click-to-call[phase=ringing]");
        await call.AnswerAsync();
        await page.WaitAsync(Connected);
        await call.HearsAsync(BrowserFixture.VoiceHertz);
        await HearsAsync(page, PhoneHertz);
        return call;
    }

    private async Task<string> TokenAsync(int lifetime = 300, int calls = 5, Action<JsonObject>? change = null)
    {
        var body = new JsonObject { ["user"] = _user, ["lifetimeSeconds"] = lifetime, ["calls"] = calls };
        change?.Invoke(body);
        var answer = await fixture.Product.Api.SendAsync(HttpMethod.Post, "/api/sessions", body, key: fixture.Product.Seed.ApiKey);
        return answer.Body!["token"]!.GetValue<string>();
    }
}
