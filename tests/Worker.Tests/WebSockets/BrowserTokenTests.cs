using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;
using ClickToDial.Contracts.Events;
using ClickToDial.Sip.Messages;
using ClickToDial.TestKit.Browser;
using ClickToDial.TestKit.Network;
using ClickToDial.TestKit.Phones;
using ClickToDial.Worker.Tests.Support;

namespace ClickToDial.Worker.Tests.WebSockets;

/// <summary>F4, RFC 8898: a session token over a WebSocket, on the wire, without a browser.</summary>
public sealed class BrowserTokenTests : IAsyncLifetime
{
    private const string Origin = "https://crm.example";
    private readonly PortBlock _ports = PortBlock.Take();
    private LoneWorker _worker = null!;

    public async ValueTask InitializeAsync() => _worker = await LoneWorker.StartAsync(["101", "102", "103"], new Dictionary<string, string?>
    {
        ["Sip__WebSocketOrigins"] = Origin,
        ["Media__BrowserPort"] = _ports.Next().ToString(CultureInfo.InvariantCulture),
        ["Browser__Issuer"] = SessionMint.Issuer,
        ["Hooks__TokensAlone"] = "true",
    });

    public async ValueTask DisposeAsync()
    {
        await _worker.DisposeAsync();
        _ports.Dispose();
    }

    [Fact]
    public async Task A_registration_lasts_no_longer_than_its_token_and_a_new_token_prolongs_it()
    {
        await using var browser = await ConnectAsync();
        browser.Bearer = Token("101", seconds: 90);
        var registered = await browser.RegisterAsync(3600);
        Assert.Equal(200, registered.Status);
        Assert.InRange(LifeOf(registered), 60, 90);
        browser.Bearer = Token("101", seconds: 600);
        Assert.InRange(LifeOf(await browser.RegisterAsync(3600)), 540, 600);
        Assert.Equal(200, (await browser.RegisterAsync(0)).Status);
    }

    [Fact]
    public async Task A_token_stands_as_digest_credentials_too_and_its_last_part_is_the_password()
    {
        var token = Token("101");
        await using var browser = await ConnectAsync(account: "101", login: token, password: token.Split('.')[2]);
        Assert.Equal(200, (await browser.RegisterAsync()).Status);
        await using var wrong = await ConnectAsync(account: "101", login: token, password: "guess");
        Assert.Equal(401, (await wrong.RegisterAsync()).Status);
    }

    [Theory]
    [InlineData("sub", "nobody", 403, "user-unknown")]
    [InlineData("domain", "other.test", 403, "token-domain-differs")]
    [InlineData("exp", 1, 401, "token-expired")]
    [InlineData("origin", "https://other.example", 403, "token-wrong-origin")]
    public async Task What_does_not_hold_is_refused_by_its_name(string claim, object value, int status, string slug)
    {
        await using var browser = await ConnectAsync();
        browser.Bearer = Token("101", change: claims => claims[claim] = value is int number ? number : (string)value);
        var refused = await browser.RegisterAsync();
        Assert.Equal(status, refused.Status);
        Assert.Contains($"text=\"{slug}\"", refused.Headers.Get(HeaderName.Reason), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_users_name_is_not_registered_with_ones_own_token()
    {
        await using var browser = await ConnectAsync(account: "102");
        browser.Bearer = Token("101");
        Assert.Equal(403, (await browser.RegisterAsync()).Status);
    }

    [Fact]
    public async Task A_token_in_a_datagram_is_refused()
    {
        await using var phone = new Phone(_worker.PhoneOf("101", 400));
        var status = await phone.AskAsync(SipMethod.Register, request => request.Headers.Add(HeaderName.Authorization, $"Bearer {Token("101")}"));
        Assert.Equal(403, status);
    }

    [Fact]
    public async Task A_browser_is_rung_as_a_browser_and_hears_the_echo_of_what_it_says()
    {
        await using var browser = await ConnectAsync();
        await using var media = new WireBrowser();
        browser.Bearer = Token("101");
        Assert.Equal(200, (await browser.RegisterAsync()).Status);
        var call = await _worker.Api.OriginateAsync(new OriginateCommand(LoneWorker.Domain, "101", "echo"));
        var invite = await browser.RequestAsync(SipMethod.Invite);
        var offer = Encoding.UTF8.GetString(invite.Body.Span);
        Assert.Contains("UDP/TLS/RTP/SAVPF", offer, StringComparison.Ordinal);
        Assert.DoesNotContain("a=crypto", offer, StringComparison.Ordinal);
        await browser.AnswerAsync(invite, 200, Encoding.UTF8.GetBytes(media.Describe("active", codecs: "8")));
        await browser.RequestAsync(SipMethod.Ack);
        await media.ConnectAsync(WireEnd.Read(offer), active: true);
        await _worker.Functions.EventAsync(call, CallEventType.CallConnected);
        await SpeakUntilHeardAsync(media);
        await _worker.Api.HangUpAsync(call);
        await browser.AnswerAsync(await browser.RequestAsync(SipMethod.Bye), 200);
        var leg = await _worker.Functions.EventAsync(call, CallEventType.LegEnded);
        Assert.Equal("AEAD_AES_128_GCM", leg.Leg!.Media!.Protection);
    }

    [Theory(DisplayName = "B2: a token for some destinations takes no place in a call, whose other end it cannot name; another token takes one that there is")]
    [InlineData(true, 403, "token-destination-not-covered")]
    [InlineData(false, 481, null)]
    public async Task A_token_for_some_destinations_takes_no_place(bool some, int status, string? slug)
    {
        await using var browser = await ConnectAsync();
        await using var media = new WireBrowser();
        browser.Bearer = Token("101", change: claims =>
        {
            if (some) claims["destinations"] = new JsonArray("102");
        });
        var offer = Encoding.UTF8.GetBytes(media.Describe("active"));
        var (_, answer) = await browser.CallAsync("102", offer, headers => headers.Add(HeaderName.Replaces, "nobody;to-tag=a;from-tag=b"));
        Assert.Equal(status, answer.Status);
        if (slug is not null) Assert.Contains($"text=\"{slug}\"", answer.Headers.Get(HeaderName.Reason), StringComparison.Ordinal);
    }

    [Fact(DisplayName = "B2: a token of one call takes one place in a call, and no second one; naming a place that there is not costs nothing")]
    public async Task A_token_of_one_call_takes_one_place()
    {
        await using var first = await ConnectAsync();
        await using var second = await ConnectAsync(account: "102");
        await using var media = new WireBrowser();
        await using var other = new WireBrowser();
        first.Bearer = Token("101");
        second.Bearer = Token("102", change: claims => claims["calls"] = 1);
        await using var phone = await Phone.RegisteredAsync(_worker.PhoneOf("102", 400) with { OnCall = IncomingCall.Answer });
        var talk = await first.CallAsync("102", Offer(media));
        Assert.Equal(200, talk.Answer.Status);
        await media.ConnectAsync(WireEnd.Read(Encoding.UTF8.GetString(talk.Answer.Body.Span)), active: true);
        // Who is not joined yet has no place to give.
        await _worker.Functions.Events.WaitAsync(told => told.Type == CallEventType.CallConnected, "the talk");

        Assert.Equal(481, (await TakeAsync(other, "nobody;to-tag=a;from-tag=b")).Status);
        var taken = await TakeAsync(other, PlaceOf(talk.Answer));
        Assert.Equal(200, taken.Status);
        await first.AnswerAsync(await first.RequestAsync(SipMethod.Bye), 200);
        var again = await TakeAsync(media, PlaceOf(taken));
        Assert.Equal(403, again.Status);
        Assert.Contains("text=\"token-spent\"", again.Headers.Get(HeaderName.Reason), StringComparison.Ordinal);

        async Task<SipResponse> TakeAsync(WireBrowser with, string replaces) =>
            (await second.CallAsync("101", Offer(with), headers => headers.Add(HeaderName.Replaces, replaces))).Answer;

        static string PlaceOf(SipResponse answer) => $"{answer.CallId};to-tag={answer.To.Tag};from-tag={answer.From.Tag}";

        static byte[] Offer(WireBrowser media) => Encoding.UTF8.GetBytes(media.Describe("active", codecs: "8 126"));
    }

    [Fact(DisplayName = "F4, B2: a browser refers its call to what its token covers, and to nothing else")]
    public async Task A_browser_refers_its_call_where_its_token_says_that_it_may()
    {
        await using var browser = await ConnectAsync();
        await using var media = new WireBrowser();
        await using var phone = await Phone.RegisteredAsync(_worker.PhoneOf("102", 400) with { OnCall = IncomingCall.Answer });
        browser.Bearer = Token("101", change: claims => claims["destinations"] = new JsonArray("milliwatt"));
        Assert.Equal(200, (await browser.RegisterAsync()).Status);
        var call = await _worker.Api.OriginateAsync(new OriginateCommand(LoneWorker.Domain, "101", "102"));
        var invite = await browser.RequestAsync(SipMethod.Invite);
        await browser.AnswerAsync(invite, 200, Encoding.UTF8.GetBytes(media.Describe("active", codecs: "8")));
        await browser.RequestAsync(SipMethod.Ack);
        await _worker.Functions.EventAsync(call, CallEventType.CallConnected);

        Assert.Equal(403, (await browser.ReferAsync(invite, $"sip:echo@{LoneWorker.Domain}")).Status);
        Assert.Equal(202, (await browser.ReferAsync(invite, $"sip:milliwatt@{LoneWorker.Domain}")).Status);
        Assert.Equal("milliwatt", (await _worker.Functions.EventAsync(call, CallEventType.CallTransferred)).Transfer!.To);
    }

    [Theory(DisplayName = "B2: a browser joins two calls of its user by REFER with Replaces, and takes nobody else's place, whatever its token covers")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_browser_joins_its_own_calls_only(bool some)
    {
        await using var browser = await ConnectAsync();
        await using var stranger = await ConnectAsync("103");
        await using var phone = await Phone.RegisteredAsync(_worker.PhoneOf("102", 400) with { OnCall = IncomingCall.Answer });
        browser.Bearer = Token("101", change: claims =>
        {
            if (some) claims["destinations"] = new JsonArray("echo");
        });
        stranger.Bearer = Token("103");
        var (call, invite, _) = await TalkAsync(browser, "101", "102");
        var (_, _, strangers) = await TalkAsync(stranger, "103", "echo");
        Assert.Equal(403, (await browser.ReferAsync(invite, InPlaceOf(strangers))).Status);
        Assert.Equal(403, (await browser.ReferAsync(invite, InPlaceOf("nobody", "a", "b"))).Status);

        var (second, _, own) = await TalkAsync(browser, "101", "102");
        Assert.Equal(202, (await browser.ReferAsync(invite, InPlaceOf(own))).Status);
        Assert.Equal(second, (await _worker.Functions.EventAsync(call, CallEventType.CallTransferred)).Transfer!.OtherCall);
    }

    [Fact(DisplayName = "F4: a page's phone is shown what the page asked for, not who is called in its place, also when the call comes back to it by a transfer")]
    public async Task A_browser_is_not_shown_who_is_called_in_the_place()
    {
        await using var browser = await ConnectAsync();
        await using var phone = await Phone.RegisteredAsync(_worker.PhoneOf("102", 400) with { OnCall = IncomingCall.Answer });
        browser.Bearer = Token("101");
        var (call, invite, _) = await TalkAsync(browser, "101", "102", asked: "sales");
        Assert.Equal(("sales", "sales"), (ShownBy(invite), invite.Contact!.Uri.User));

        await _worker.Api.OrderAsync(call, "transfer", new TransferCommand("101"));
        var again = await browser.Requests.WaitAsync(r => r.Method == SipMethod.Invite && r.Headers.Get(HeaderName.CallId) != invite.Headers.Get(HeaderName.CallId), "the transferred call");
        Assert.Equal(("sales", "sales"), (ShownBy(again), again.Contact!.Uri.User));
    }

    [Fact(DisplayName = "F4: a browser that turns out to be another while it hears the prompt ends the call at once, and nobody else is rung")]
    public async Task A_browser_with_another_certificate_ends_its_call_before_the_bridge()
    {
        await using var browser = await ConnectAsync();
        await using var media = new WireBrowser();
        await using var announced = new WireBrowser();
        media.Fingerprint = announced.Fingerprint;
        browser.Bearer = Token("101");
        Assert.Equal(200, (await browser.RegisterAsync()).Status);
        var call = await _worker.Api.OriginateAsync(new OriginateCommand(LoneWorker.Domain, "101", "echo", Prompt: true));
        var invite = await browser.RequestAsync(SipMethod.Invite);
        await browser.AnswerAsync(invite, 200, Encoding.UTF8.GetBytes(media.Describe("active", codecs: "8")));
        await browser.RequestAsync(SipMethod.Ack);
        await _worker.Functions.EventAsync(call, CallEventType.CallPrompting);
        await media.ConnectAsync(WireEnd.Read(Encoding.UTF8.GetString(invite.Body.Span)), active: true);
        var bye = await browser.RequestAsync(SipMethod.Bye);
        Assert.Contains("text=\"media-encryption-failed\"", bye.Headers.Get(HeaderName.Reason), StringComparison.Ordinal);
        await browser.AnswerAsync(bye, 200);
        Assert.Equal(new CallOutcome(CallResult.Failed, CallReasons.MediaEncryptionFailed), (await _worker.Functions.EndAsync(call)).Outcome);
    }

    [Fact(DisplayName = "F4: a browser that calls and turns out to be another when it is answered is told so, as is the call log")]
    public async Task A_calling_browser_with_another_certificate_ends_its_call()
    {
        await using var browser = await ConnectAsync();
        await using var media = new WireBrowser();
        await using var announced = new WireBrowser();
        media.Fingerprint = announced.Fingerprint;
        browser.Bearer = Token("101");
        var (_, answer) = await browser.CallAsync("echo", Encoding.UTF8.GetBytes(media.Describe("active", codecs: "8")));
        Assert.Equal(200, answer.Status);
        await media.ConnectAsync(WireEnd.Read(Encoding.UTF8.GetString(answer.Body.Span)), active: true);
        var bye = await browser.RequestAsync(SipMethod.Bye);
        Assert.Contains("text=\"media-encryption-failed\"", bye.Headers.Get(HeaderName.Reason), StringComparison.Ordinal);
        await browser.AnswerAsync(bye, 200);
        var ended = await _worker.Functions.Events.WaitAsync(told => told.Type == CallEventType.CallEnded, "the end");
        Assert.Equal(new CallOutcome(CallResult.Answered, CallReasons.MediaEncryptionFailed), ended.Outcome);
    }

    [Fact(DisplayName = "F4: a browser that sounds before it answers and turns out to be another is rung no longer, and the call fails by that")]
    public async Task A_rung_browser_with_another_certificate_fails_its_call()
    {
        await using var browser = await ConnectAsync();
        await using var media = new WireBrowser();
        await using var announced = new WireBrowser();
        await using var phone = await Phone.RegisteredAsync(_worker.PhoneOf("102", 400) with { OnCall = IncomingCall.Answer });
        media.Fingerprint = announced.Fingerprint;
        browser.Bearer = Token("101");
        Assert.Equal(200, (await browser.RegisterAsync()).Status);
        var call = await _worker.Api.OriginateAsync(new OriginateCommand(LoneWorker.Domain, "102", "101"));
        var invite = await browser.RequestAsync(SipMethod.Invite);
        await browser.AnswerAsync(invite, 183, Encoding.UTF8.GetBytes(media.Describe("active", codecs: "8")));
        await media.ConnectAsync(WireEnd.Read(Encoding.UTF8.GetString(invite.Body.Span)), active: true);
        var cancel = await browser.RequestAsync(SipMethod.Cancel);
        Assert.Contains("text=\"media-encryption-failed\"", cancel.Headers.Get(HeaderName.Reason), StringComparison.Ordinal);
        await browser.AnswerAsync(cancel, 200);
        await browser.AnswerAsync(invite, 487);
        var outcome = (await _worker.Functions.EndAsync(call)).Outcome!;
        Assert.Equal((CallResult.Failed, CallReasons.MediaEncryptionFailed), (outcome.Result, outcome.Reason));
    }

    private static string? ShownBy(SipRequest invite) => NameAddress.Parse(invite.Headers.Get(HeaderName.From)!).Uri.User;

    // Both tags as the worker sees them, to whom a dialog is named so (RFC 3891 section 3); its ACK has them.
    private static string InPlaceOf(SipRequest ack) =>
        InPlaceOf(ack.Headers.Get(HeaderName.CallId)!, TagOf(ack, HeaderName.From), TagOf(ack, HeaderName.To));

    private static string InPlaceOf(string callId, string toTag, string fromTag) =>
        $"sip:x@{LoneWorker.Domain}?Replaces={Uri.EscapeDataString($"{callId};to-tag={toTag};from-tag={fromTag}")}";

    private static string TagOf(SipRequest request, HeaderName header) => NameAddress.Parse(request.Headers.Get(header)!).Parameters.Get("tag")!;

    // A browser that answers, without sound; its registration and its calls are its own.
    private async Task<(CallId Call, SipRequest Invite, SipRequest Ack)> TalkAsync(WebSocketPhone browser, string user, string to, string? asked = null)
    {
        Assert.Equal(200, (await browser.RegisterAsync()).Status);
        await using var media = new WireBrowser();
        var from = browser.Requests.Count;
        var call = await _worker.Api.OriginateAsync(new OriginateCommand(LoneWorker.Domain, user, to, Asked: asked));
        var invite = await browser.Requests.WaitAsync(r => r.Method == SipMethod.Invite, "the call", from: from);
        await browser.AnswerAsync(invite, 200, Encoding.UTF8.GetBytes(media.Describe("active", codecs: "8")));
        var ack = await browser.Requests.WaitAsync(r => r.Method == SipMethod.Ack, "its acknowledgement", from: from);
        await _worker.Functions.EventAsync(call, CallEventType.CallConnected);
        return (call, invite, ack);
    }

    // Until the call is joined to the echo what comes is ringback, or nothing.
    private static async Task SpeakUntilHeardAsync(WireBrowser media)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        var heard = media.ReceiveRtpAsync();
        for (ushort sequence = 1; ; sequence++)
        {
            media.SendRtp(8, sequence, sequence * 160u, [.. Enumerable.Repeat((byte)0x5A, 160)]);
            await pace.WaitForNextTickAsync();
            if (!heard.IsCompleted) continue;
            if ((await heard)[12..].All(octet => octet == 0x5A)) return;
            heard = media.ReceiveRtpAsync();
        }
    }

    private Task<WebSocketPhone> ConnectAsync(string account = "101", string? login = null, string password = "") => WebSocketPhone.ConnectAsync(
        new Uri($"ws://127.0.0.1:{_worker.Settings.ControlPort}/ws"), account, LoneWorker.Domain, password, Origin, login: login);

    private string Token(string user, int seconds = 300, Action<JsonObject>? change = null)
    {
        var now = TimeProvider.System.GetUtcNow();
        return _worker.Functions.Mint.Token(LoneWorker.Domain, user, now, claims =>
        {
            claims["exp"] = now.AddSeconds(seconds).ToUnixTimeSeconds();
            claims["origin"] = Origin;
            change?.Invoke(claims);
        });
    }

    private static int LifeOf(SipResponse registered) =>
        int.Parse(registered.Contact!.Parameters.Get("expires")!, CultureInfo.InvariantCulture);
}
