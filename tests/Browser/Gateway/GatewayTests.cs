using System.Text.Json.Nodes;
using ClickToDial.Browser.Chromium;
using ClickToDial.Contracts.Control;
using ClickToDial.Contracts.Events;
using ClickToDial.TestKit.Baresip;
using ClickToDial.TestKit.Phones;
using ClickToDial.TestKit.Processes;

namespace ClickToDial.Browser.Gateway;

/// <summary>F1, F4: Chromium with JsSIP and a SIP phone talk through the worker, and the page holds a session token and nothing else.</summary>
public sealed class GatewayTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private const double PhoneHertz = 600;

    [Theory]
    [InlineData(false, false, PhoneCodec.Pcma, "audio/PCMA")]
    [InlineData(true, false, PhoneCodec.Pcmu, "audio/PCMU")]
    [InlineData(false, true, PhoneCodec.Opus, "audio/opus")]
    public async Task A_page_calls_a_phone_and_both_hear_each_other(bool digest, bool tcpOnly, PhoneCodec codec, string mime)
    {
        Skip();
        var callee = fixture.NextUser();
        await using var phone = await fixture.PhoneAsync(callee, PhoneHertz, codec);
        await using var page = await ConnectedAsync(fixture.NextUser(), digest);
        if (tcpOnly) await page.EvaluateAsync("gateway.tcpOnly = true; null");
        await page.EvaluateAsync($"gateway.call('sip:{callee}@{GatewayFixture.Domain}'); null");
        var call = await phone.RingsAsync();
        await call.AnswerAsync();
        await page.EvaluateAsync("gateway.happens('accepted')");
        await call.HearsAsync(GatewayFixture.BrowserHertz);
        await page.EvaluateAsync($"gateway.hears({PhoneHertz})");
        var path = await page.EvaluateAsync("gateway.path()");
        Assert.Equal(tcpOnly ? "tcp" : "udp", path!["protocol"]!.GetValue<string>());
        Assert.Equal(mime, path["codec"]!.GetValue<string>());
        Assert.Equal("SRTP_AEAD_AES_128_GCM", path["srtp"]!.GetValue<string>());
        await AgreesOnReducedRtcpAloneAsync(page);
        await page.EvaluateAsync("gateway.session.terminate(); null");
        Assert.Equal(CallEnd.HungUpByPeer, await call.EndsAsync());
    }

    [Theory(DisplayName = "F1: Chromium and a phone that nobody here wrote (baresip) hear each other, and either hangs up")]
    [InlineData("PCMA", "audio/PCMA", true)]
    [InlineData("opus/48000/2", "audio/opus", false)]
    public async Task A_page_calls_baresip_and_both_hear_each_other(string codec, string mime, bool phoneHangsUp)
    {
        Skip();
        Assert.SkipUnless(Tool.Baresip.IsInstalled, Tool.Baresip.Missing);
        var callee = fixture.NextUser();
        await using var phone = await fixture.BaresipAsync(callee, PhoneHertz, codec);
        await using var page = await ConnectedAsync(fixture.NextUser());
        await page.EvaluateAsync($"gateway.call('sip:{callee}@{GatewayFixture.Domain}'); null");
        await phone.RingsAsync();
        await phone.AnswerAsync();
        await page.EvaluateAsync("gateway.happens('accepted')");
        await phone.HearsAsync(GatewayFixture.BrowserHertz);
        await page.EvaluateAsync($"gateway.hears({PhoneHertz})");
        Assert.Equal(mime, (await page.EvaluateAsync("gateway.path()"))!["codec"]!.GetValue<string>());
        if (phoneHangsUp) await phone.HangUpAsync();
        else await page.EvaluateAsync("gateway.session.terminate(); null");
        await page.EvaluateAsync("gateway.happens('ended')");
        await phone.EndsAsync();
    }

    [Fact]
    public async Task A_page_holds_and_resumes_and_its_keys_reach_the_phone()
    {
        Skip();
        var callee = fixture.NextUser();
        await using var phone = await fixture.PhoneAsync(callee, PhoneHertz);
        await using var page = await ConnectedAsync(fixture.NextUser());
        await page.EvaluateAsync($"gateway.call('sip:{callee}@{GatewayFixture.Domain}'); null");
        var call = await phone.RingsAsync();
        await call.AnswerAsync();
        await call.HearsAsync(GatewayFixture.BrowserHertz);
        await page.EvaluateAsync("gateway.session.sendDTMF('7', { transportType: 'RFC2833', duration: 200 }); null");
        Assert.Equal('7', await call.Digits.WaitAsync(_ => true, "a key"));

        await page.EvaluateAsync("new Promise((done) => gateway.session.hold({}, done))");
        await call.Heard.WaitAsync(sound => !sound.IsMainly(GatewayFixture.BrowserHertz) && sound.TotalLevel > -50, "music", from: call.Heard.Count);
        await page.EvaluateAsync("new Promise((done) => gateway.session.unhold({}, done))");
        await call.HearsAsync(GatewayFixture.BrowserHertz, from: call.Heard.Count);
        await page.EvaluateAsync($"gateway.hears({PhoneHertz})");
        await page.EvaluateAsync("gateway.session.terminate(); null");
        Assert.Equal(CallEnd.HungUpByPeer, await call.EndsAsync());
    }

    [Fact]
    public async Task A_page_begins_ice_anew_and_the_sound_goes_on()
    {
        Skip();
        var callee = fixture.NextUser();
        await using var phone = await fixture.PhoneAsync(callee, PhoneHertz);
        await using var page = await ConnectedAsync(fixture.NextUser());
        await page.EvaluateAsync($"gateway.call('sip:{callee}@{GatewayFixture.Domain}'); null");
        var call = await phone.RingsAsync();
        await call.AnswerAsync();
        await call.HearsAsync(GatewayFixture.BrowserHertz);
        const string fragment = "gateway.connection.localDescription.sdp.match(/a=ice-ufrag:(.*)/)[1]";
        var before = (await page.EvaluateAsync(fragment))!.GetValue<string>();
        await page.EvaluateAsync("new Promise((done) => gateway.session.renegotiate({ rtcOfferConstraints: { iceRestart: true } }, done))");
        Assert.NotEqual(before, (await page.EvaluateAsync(fragment))!.GetValue<string>());
        await page.EvaluateAsync("gateway.until(() => ['connected', 'completed'].includes(gateway.connection.iceConnectionState))");
        await call.HearsAsync(GatewayFixture.BrowserHertz, from: call.Heard.Count);
        await page.EvaluateAsync($"gateway.hears({PhoneHertz})");
    }

    [Fact]
    public async Task A_page_comes_over_into_another_call_and_its_sound_with_it()
    {
        Skip();
        var (user, callee, target) = (fixture.NextUser(), fixture.NextUser(), fixture.NextUser());
        await using var desk = await fixture.PhoneAsync(user, 450);
        await using var phone = await fixture.PhoneAsync(callee, PhoneHertz);
        await using var page = await ConnectedAsync(target);
        var first = await fixture.Api.OriginateAsync(new OriginateCommand(GatewayFixture.Domain, user, callee));
        await (await desk.RingsAsync()).AnswerAsync();
        var call = await phone.RingsAsync();
        await call.AnswerAsync();
        var second = await fixture.Api.OriginateAsync(new OriginateCommand(GatewayFixture.Domain, user, target));
        await (await desk.RingsAsync(from: 1)).AnswerAsync();
        await page.EvaluateAsync("gateway.happens('rings')");
        await page.EvaluateAsync("gateway.answer(); null");
        await page.EvaluateAsync("gateway.hears(450)");

        await fixture.Api.OrderAsync(first, "transfer", new TransferCommand(WithCall: second.Value));
        await call.HearsAsync(GatewayFixture.BrowserHertz);
        await page.EvaluateAsync($"gateway.hears({PhoneHertz})");
        await call.HangUpAsync();
        await page.EvaluateAsync("gateway.happens('ended')");
    }

    [Fact]
    public async Task A_page_that_is_rung_beside_a_phone_stops_ringing_when_the_phone_answers()
    {
        Skip();
        var (user, callee) = (fixture.NextUser(), fixture.NextUser());
        await using var desk = await fixture.PhoneAsync(user, 450);
        await using var phone = await fixture.PhoneAsync(callee, PhoneHertz);
        await using var page = await ConnectedAsync(user);
        await fixture.Api.OriginateAsync(new OriginateCommand(GatewayFixture.Domain, user, callee));
        await page.EvaluateAsync("gateway.happens('rings')");
        var atDesk = await desk.RingsAsync();
        await atDesk.AnswerAsync();
        await page.EvaluateAsync("gateway.happens('failed')");
        var call = await phone.RingsAsync();
        await call.AnswerAsync();
        await call.HearsAsync(450);
        await atDesk.HearsAsync(PhoneHertz);
    }

    [Fact]
    public async Task A_page_is_rung_and_hears_who_answers()
    {
        Skip();
        var user = fixture.NextUser();
        var callee = fixture.NextUser();
        await using var phone = await fixture.PhoneAsync(callee, PhoneHertz);
        await using var page = await ConnectedAsync(user);
        var id = await fixture.Api.OriginateAsync(new OriginateCommand(GatewayFixture.Domain, user, callee));
        await page.EvaluateAsync("gateway.happens('rings')");
        await page.EvaluateAsync("gateway.answer(); null");
        var call = await phone.RingsAsync();
        await call.AnswerAsync();
        await call.HearsAsync(GatewayFixture.BrowserHertz);
        await page.EvaluateAsync($"gateway.hears({PhoneHertz})");
        await call.HangUpAsync();
        await page.EvaluateAsync("gateway.happens('ended')");
        var end = await fixture.Functions.EndAsync(id);
        Assert.Equal(Contracts.Calls.CallResult.Answered, end.Outcome!.Result);
    }

    [Fact]
    public async Task Two_pages_call_each_other()
    {
        Skip();
        var other = fixture.NextUser();
        await using var answering = await ConnectedAsync(other);
        await using var calling = await ConnectedAsync(fixture.NextUser());
        await calling.EvaluateAsync($"gateway.call('sip:{other}@{GatewayFixture.Domain}'); null");
        await answering.EvaluateAsync("gateway.happens('rings')");
        await answering.EvaluateAsync("gateway.answer(); null");
        await calling.EvaluateAsync("gateway.happens('accepted')");
        await calling.EvaluateAsync($"gateway.hears({GatewayFixture.BrowserHertz})");
        await answering.EvaluateAsync($"gateway.hears({GatewayFixture.BrowserHertz})");
        Assert.Equal("audio/opus", (await calling.EvaluateAsync("gateway.path()"))!["codec"]!.GetValue<string>());
        await answering.EvaluateAsync("gateway.session.terminate(); null");
        await calling.EvaluateAsync("gateway.happens('ended')");
    }

    [Theory]
    [InlineData("exp", 1, "refused 401", "token-expired")]
    [InlineData("origin", "https://other.example", "refused 403", "token-wrong-origin")]
    [InlineData("aud", "somebody-else", "refused 401", "token-wrong-audience")]
    [InlineData("domain", "other.test", "refused 403", "token-domain-differs")]
    public async Task A_token_that_does_not_hold_is_refused_and_the_page_learns_why(string claim, object value, string answer, string slug)
    {
        Skip();
        var user = fixture.NextUser();
        await using var page = await fixture.PageAsync();
        await ConnectAsync(page, user, fixture.Token(user, claims => claims[claim] = value is int number ? number : (string)value));
        await page.EvaluateAsync($"gateway.happens('{answer}')");
        Assert.Contains(slug, (await page.EvaluateAsync("gateway.events.join()"))!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_outlives_its_WebSocket_and_is_ended_over_the_next()
    {
        Skip();
        var callee = fixture.NextUser();
        await using var phone = await fixture.PhoneAsync(callee, PhoneHertz);
        await using var page = await ConnectedAsync(fixture.NextUser());
        await page.EvaluateAsync($"gateway.call('sip:{callee}@{GatewayFixture.Domain}'); null");
        var call = await phone.RingsAsync();
        await call.AnswerAsync();
        await call.HearsAsync(GatewayFixture.BrowserHertz);
        await page.EvaluateAsync("gateway.events.length = 0; gateway.ua._transport.socket._ws.close(); null");
        await page.EvaluateAsync("gateway.happens('registered')");
        await call.HearsAsync(GatewayFixture.BrowserHertz, from: call.Heard.Count);
        await page.EvaluateAsync($"gateway.hears({PhoneHertz})");
        await call.HangUpAsync();
        await page.EvaluateAsync("gateway.happens('ended')");
    }

    // Of what Chromium offers beside sound and reports: RTCP of reduced size is taken, feedback and header extensions are declined.
    private static async Task AgreesOnReducedRtcpAloneAsync(BrowserPage page)
    {
        var offered = (await page.EvaluateAsync("gateway.connection.localDescription.sdp"))!.GetValue<string>().Split("\r\n");
        var answered = (await page.EvaluateAsync("gateway.connection.remoteDescription.sdp"))!.GetValue<string>().Split("\r\n");
        Assert.Contains("a=rtcp-rsize", offered);
        Assert.Contains(offered, line => line.StartsWith("a=rtcp-fb:", StringComparison.Ordinal) && line.EndsWith(" transport-cc", StringComparison.Ordinal));
        Assert.Contains("a=rtcp-rsize", answered);
        Assert.DoesNotContain(answered, line => line.StartsWith("a=rtcp-fb:", StringComparison.Ordinal) || line.StartsWith("a=extmap:", StringComparison.Ordinal));
    }

    private static void Skip() => Assert.SkipWhen(BrowserTool.MissingBrowser is not null, BrowserTool.MissingBrowser ?? "");

    private async Task<BrowserPage> ConnectedAsync(string user, bool digest = false)
    {
        var page = await fixture.PageAsync();
        await ConnectAsync(page, user, fixture.Token(user), digest);
        await page.EvaluateAsync("gateway.happens('registered')");
        return page;
    }

    private async Task ConnectAsync(BrowserPage page, string user, string token, bool digest = false)
    {
        var config = new JsonObject { ["ws"] = fixture.Ws, ["uri"] = $"sip:{user}@{GatewayFixture.Domain}", ["token"] = token, ["digest"] = digest };
        await page.EvaluateAsync($"gateway.connect({config.ToJsonString()}); null");
    }
}
