using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using ClickToDial.Contracts.Directory;
using ClickToDial.Sip.Messages;
using ClickToDial.TestKit.Browser;
using ClickToDial.TestKit.Network;
using ClickToDial.TestKit.Peers;
using ClickToDial.TestKit.Phones;
using ClickToDial.Worker.Tests.Support;

namespace ClickToDial.Worker.Tests.WebSockets;

/// <summary>F2: a domain's own back end, as people write them for Web Call Server, drives a worker through its browser's whole day.</summary>
public sealed class BackEndTests : IAsyncLifetime
{
    private const string Origin = "https://crm.example";
    // Who is silent costs the whole limit, so it is short then; who answers is to have the time on a busy machine.
    private const int ShortSeconds = 1;
    private const int AmpleSeconds = 20;
    private static readonly string[] Ways = ["403", "500", "nonsense", "huge", "silent"];
    private readonly PortBlock _ports = PortBlock.Take();
    private StockBackEnd _backEnd = null!;
    private LoneWorker _worker = null!;

    public async ValueTask InitializeAsync()
    {
        _backEnd = await StockBackEnd.StartAsync();
        _worker = await LoneWorker.StartAsync(["101", "102"], new Dictionary<string, string?>
        {
            ["Sip__WebSocketOrigins"] = Origin,
            ["Media__BrowserPort"] = _ports.Next().ToString(CultureInfo.InvariantCulture),
            ["Browser__Issuer"] = SessionMint.Issuer,
            ["Hooks__TokensAlone"] = "true",
        }, directory: all => all with { Domains = [all.Domains[0] with { Hooks = new DomainHooks(_backEnd.Url, Signing: HookSigning.None, TimeoutSeconds: AmpleSeconds) }] });
    }

    public async ValueTask DisposeAsync()
    {
        await _worker.DisposeAsync();
        await _backEnd.DisposeAsync();
        _ports.Dispose();
    }

    [Fact(DisplayName = "F2: connect that fails in any way is refused, although failures are only to be logged")]
    public async Task Connect_always_refuses()
    {
        _backEnd.Rules = Rule("connect", "LOG");
        foreach (var way in Ways)
        {
            if (way == "silent") await LimitAsync(ShortSeconds);
            _backEnd.Fails["connect"] = way;
            await using var browser = await ConnectAsync();
            var refused = await browser.RegisterAsync();
            Assert.Equal(way == "403" ? 403 : 503, refused.Status);
        }
        _backEnd.Fails.Clear();
        await LimitAsync(AmpleSeconds);
        await using var again = await ConnectAsync();
        Assert.Equal(200, (await again.RegisterAsync()).Status);
    }

    [Theory(DisplayName = "F2: a call whose hook fails in any way goes on with LOG, and with FAIL stops and is told")]
    [InlineData("LOG")]
    [InlineData("FAIL")]
    public async Task Call_goes_on_or_stops(string onError)
    {
        _backEnd.Rules = Rule("call", onError);
        await using var browser = await RegisteredAsync();
        await using var media = new WireBrowser();
        foreach (var way in Ways)
        {
            if (way == "silent") await LimitAsync(ShortSeconds);
            _backEnd.Fails["call"] = way;
            var (_, answer) = await browser.CallAsync("busy", Describe(media));
            Assert.Equal(onError == "LOG" ? 486 : way == "403" ? 403 : 503, answer.Status);
        }
        var told = await ToldAsync(browser, "CallStatusEvent", body => Text(body, "status") == "FAILED" || onError == "LOG");
        Assert.Equal(onError == "LOG" ? null : "hook-refused", Text(told, "info"));
    }

    [Fact(DisplayName = "F2, F4: the back end puts another callee in the place of the page's, and what it excludes does not reach the page")]
    public async Task Callee_is_replaced_and_events_are_cut()
    {
        _backEnd.Rules = Rule("call", "FAIL");
        _backEnd.Rules["call"]!["restPolicy"] = "OVERWRITE";
        _backEnd.Rules["call"]!["restOverwrite"] = "callee";
        _backEnd.Rules["CallStatusEvent"] = new JsonObject { ["clientExclude"] = "callee,nodeId,domain" };
        _backEnd.Change = (method, body) => body["callee"] = method == "call" ? "busy" : body["callee"]?.DeepClone();
        await using var browser = await RegisteredAsync();
        await using var media = new WireBrowser();
        Assert.Equal(486, (await browser.CallAsync("sales", Describe(media))).Answer.Status);
        var told = await ToldAsync(browser, "CallStatusEvent", body => Text(body, "status") == "FINISH");
        Assert.Equal((null, null, null, "101"), (Text(told, "callee"), Text(told, "nodeId"), Text(told, "domain"), Text(told, "user")));
        var heard = await _backEnd.Asked.WaitAsync(asked => asked.Method == "CallStatusEvent" && Text(asked.Body, "status") == "FINISH", "the end at the back end");
        Assert.Equal("sales", Text(heard.Body, "callee"));
        var call = await _worker.Functions.EventAsync(Contracts.Calls.CallId.Parse(Text(heard.Body, "callId")!), Contracts.Events.CallEventType.CallEnded);
        Assert.Equal(("busy", "sales"), (call.Call.Destination, call.Call.Asked));
    }

    [Theory(DisplayName = "F2: inviteParameters of the back end reach the far INVITE as headers of its own, and can neither end a line nor stand for a header of ours")]
    [InlineData("callee,inviteParameters")]
    [InlineData("callee")]
    public async Task Invite_parameters_reach_the_far_end(string overwrite)
    {
        _backEnd.Rules = Rule("call", "FAIL");
        _backEnd.Rules["call"]!["restPolicy"] = "OVERWRITE";
        _backEnd.Rules["call"]!["restOverwrite"] = overwrite;
        _backEnd.Change = (method, body) =>
        {
            if (method == "call")
            {
                body["inviteParameters"] = new JsonObject
                {
                    ["X-Order"] = "4711 \u00fc",
                    ["X-Split"] = "a\r\nX-Injected: b",
                    ["X-Name: c\r\nX-Injected"] = "d",
                    ["x-order"] = "twice",
                    ["From"] = "<sip:other@crm.example>",
                    ["i"] = "other",
                    ["X-Long"] = new string('e', 257),
                    ["X-Number"] = 5,
                };
            }
        };
        await using var browser = await RegisteredAsync();
        await using var media = new WireBrowser();
        await using var phone = await Phone.RegisteredAsync(_worker.PhoneOf("102", 400) with { OnCall = IncomingCall.Answer });
        var call = await browser.CallAsync("102", Describe(media), headers => headers.Add("X-Page", "f"));
        Assert.Equal(200, call.Answer.Status);
        var rung = await phone.RingsAsync();
        Assert.Equal("f", Text((JsonObject)(await AskedAsync("call"))["inviteParameters"]!, "X-Page"));
        Assert.Equal(overwrite == "callee" ? null : "4711 \u00fc", rung.Header("X-Order"));
        foreach (var name in new[] { "X-Split", "X-Injected", "X-Long", "X-Number", "X-Page" }) Assert.Null(rung.Header(name));
        Assert.Contains("<sip:101@", rung.Header("From"), StringComparison.Ordinal);
        Assert.NotEqual("other", rung.Header("Call-ID"));
        Assert.Equal(200, (await browser.AskAsync(call, SipMethod.Bye, "text/plain", [])).Status);
        await rung.EndsAsync();
    }

    [Fact(DisplayName = "F2: an event whose hook fails is told to the page as ErrorEvent with FAIL, and changes nothing")]
    public async Task Event_that_fails_is_told()
    {
        _backEnd.Rules = Rule("CallStatusEvent", "FAIL");
        _backEnd.Fails["CallStatusEvent"] = "500";
        await using var browser = await RegisteredAsync();
        await using var media = new WireBrowser();
        Assert.Equal(486, (await browser.CallAsync("busy", Describe(media))).Answer.Status);
        var told = await ToldAsync(browser, "ErrorEvent", _ => true);
        Assert.Equal(("CallStatusEvent", "hook-failed"), (Text(told, "apiMethod"), Text(told, "info")));
    }

    [Fact(DisplayName = "F2, V6: an event whose hook fails is told to a page of remote control too, and to no other user's")]
    public async Task Event_that_fails_is_told_to_remote_control()
    {
        _backEnd.Rules = Rule("CallStatusEvent", "FAIL");
        _backEnd.Fails["CallStatusEvent"] = "500";
        await using var page = await PageAsync("101");
        await using var other = await PageAsync("102");
        await page.SendAsync("""{"action":"make-call","to":"busy"}""");
        var told = await page.FrameAsync("error-event");
        Assert.Equal(("CallStatusEvent", "hook-failed"), ((string?)told["of"], (string?)told["reason"]));
        var from = other.Frames.Count;
        await other.SendAsync("""{"action":"get-calls"}""");
        await other.FrameAsync("call-state", from: from);
        Assert.DoesNotContain(other.Frames.Snapshot(), frame => (string?)frame["action"] == "error-event");
    }

    [Theory(DisplayName = "F2: hold, resume and keys are told with LOG, and with FAIL are stopped by a refusal")]
    [InlineData("LOG")]
    [InlineData("FAIL")]
    public async Task Acts_within_a_call_are_asked_about(string onError)
    {
        _backEnd.Rules = new JsonObject { ["hold"] = OnError(onError), ["unhold"] = OnError("FAIL"), ["sendDTMF"] = OnError(onError), ["hangup"] = OnError("FAIL") };
        _backEnd.Fails["hold"] = _backEnd.Fails["sendDTMF"] = _backEnd.Fails["hangup"] = "403";
        await using var browser = await RegisteredAsync();
        await using var media = new WireBrowser();
        await using var phone = await Phone.RegisteredAsync(_worker.PhoneOf("102", 400));
        var call = await browser.CallAsync("102", Describe(media));
        Assert.Equal(200, call.Answer.Status);
        await media.ConnectAsync(WireEnd.Read(Encoding.UTF8.GetString(call.Answer.Body.Span)), active: true);
        var far = await phone.RingsAsync();
        // A key by INFO is passed on within what the browser says.
        using var quiet = new CancellationTokenSource();
        var speech = SpeakAsync(media, quiet.Token);

        var held = await browser.AskAsync(call, SipMethod.Invite, "application/sdp", Describe(media, "sendonly"));
        Assert.Equal(onError == "LOG" ? 200 : 403, held.Status);
        await AskedAsync("hold");
        if (onError == "FAIL") Assert.Equal("hold", Text(await ToldAsync(browser, "ErrorEvent", _ => true), "apiMethod"));
        Assert.Equal(200, (await browser.AskAsync(call, SipMethod.Invite, "application/sdp", Describe(media))).Status);
        if (onError == "LOG") await AskedAsync("unhold");
        else Assert.DoesNotContain(_backEnd.Asked.Snapshot(), asked => asked.Method == "unhold"); // It changes nothing.

        _backEnd.Fails.TryRemove("hold", out _);
        Assert.Equal(200, (await browser.AskAsync(call, SipMethod.Info, "application/dtmf-relay", "Signal=5\r\nDuration=100\r\n"u8.ToArray())).Status);
        Assert.Equal("5", Text(await AskedAsync("sendDTMF"), "dtmf"));
        if (onError == "FAIL") Assert.Equal("sendDTMF", Text(await ToldAsync(browser, "ErrorEvent", body => Text(body, "apiMethod") == "sendDTMF"), "apiMethod"));
        else await far.Digits.WaitAsync(digit => digit == '5', "the key");

        Assert.Equal(200, (await browser.AskAsync(call, SipMethod.Bye, "text/plain", [])).Status);
        await AskedAsync("hangup");
        await far.EndsAsync();
        await quiet.CancelAsync();
        await speech;
        Assert.DoesNotContain('5', onError == "FAIL" ? far.Digits.Snapshot() : []);
    }

    [Theory(DisplayName = "F2: a call that a browser answers is joined with LOG, and with FAIL ends by a refusal")]
    [InlineData("LOG", 200)]
    [InlineData("FAIL", 403)]
    public async Task Answer_is_asked_about(string onError, int status)
    {
        _backEnd.Rules = Rule("answer", onError);
        _backEnd.Fails["answer"] = "403";
        await using var browser = await RegisteredAsync();
        await using var media = new WireBrowser();
        var call = await _worker.Api.OriginateAsync(new Contracts.Control.OriginateCommand(LoneWorker.Domain, "101", "echo"));
        var invite = await browser.RequestAsync(SipMethod.Invite);
        await browser.AnswerAsync(invite, 200, Describe(media));
        await AskedAsync("answer");
        if (status == 200) await _worker.Functions.EventAsync(call, Contracts.Events.CallEventType.CallConnected);
        else
        {
            await browser.AnswerAsync(await browser.RequestAsync(SipMethod.Bye), 200);
            Assert.Equal(403, (await _worker.Functions.EndAsync(call)).Outcome!.SipStatus);
        }
    }

    [Theory(DisplayName = "F2: a call from outside whose hook fails rings with LOG; with FAIL the caller is answered 403, and the page is told")]
    [InlineData("LOG", 486)]
    [InlineData("FAIL", 403)]
    public async Task Call_from_outside_is_asked_about(string onError, int status)
    {
        const string number = "+4930222";
        _backEnd.Rules = Rule("OnCallEvent", onError);
        _backEnd.Fails["OnCallEvent"] = "403";
        await using var carrier = new Phone(new PhoneSettings(_worker.Sip, "carrier.example", "+4930111", "", 400));
        await OpenToAsync(carrier, number);
        await using var browser = await RegisteredAsync();
        await using var media = new WireBrowser();
        var answer = carrier.AskAsync(SipMethod.Invite, request =>
        {
            request.Uri = SipUri.Parse($"sip:{number}@{_worker.Sip}");
            request.SetBody("v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 9 RTP/AVP 8\r\n"u8.ToArray(), "application/sdp");
        });
        if (onError == "LOG") await browser.AnswerAsync(await browser.RequestAsync(SipMethod.Invite), 486);
        Assert.Equal(status, await answer);
        Assert.Equal("101", Text(await AskedAsync("OnCallEvent"), "user"));
        if (onError == "FAIL") Assert.Equal(("OnCallEvent", "hook-refused"), Told(await ToldAsync(browser, "ErrorEvent", _ => true)));

        static (string?, string?) Told(JsonObject body) => (Text(body, "apiMethod"), Text(body, "info"));
    }

    /// <summary>From here on the phone stands for a carrier, and its calls to the number are for the browser's user.</summary>
    private Task OpenToAsync(Phone carrier, string number)
    {
        var all = _worker.Functions.Directory;
        var domain = all.Domains[0];
        return _worker.Functions.PublishedAsync(all with
        {
            Domains = [domain with { Hooks = domain.Hooks! with { Incoming = true }, Users = [domain.Users[0] with { Numbers = [number] }, .. domain.Users.Skip(1)] }],
            Trunks = [new TrunkEntry("carrier", ["+"], $"sip:{carrier.Address}")],
        });
    }

    private Task LimitAsync(int seconds)
    {
        var all = _worker.Functions.Directory;
        var domain = all.Domains[0];
        return _worker.Functions.PublishedAsync(all with { Domains = [domain with { Hooks = domain.Hooks! with { TimeoutSeconds = seconds } }] });
    }

    private static async Task SpeakAsync(WireBrowser media, CancellationToken stop)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        for (ushort sequence = 1; !stop.IsCancellationRequested; sequence++)
        {
            media.SendRtp(8, sequence, sequence * 160u, [.. Enumerable.Repeat((byte)0x5A, 160)]);
            await pace.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    private static JsonObject Rule(string method, string onError) => new() { [method] = OnError(onError) };

    private static JsonObject OnError(string onError) => new() { ["restOnError"] = onError };

    private static byte[] Describe(WireBrowser media, string direction = "sendrecv") => Encoding.UTF8.GetBytes(media.Describe("active", direction, codecs: "8 126"));

    private static string? Text(JsonObject body, string name) => body[name]?.GetValue<string>();

    private async Task<JsonObject> AskedAsync(string method) => (await _backEnd.Asked.WaitAsync(asked => asked.Method == method, $"{method} at the back end")).Body;

    /// <summary>What the page is told, by a MESSAGE over its connection.</summary>
    private static async Task<JsonObject> ToldAsync(WebSocketPhone browser, string message, Func<JsonObject, bool> match)
    {
        var told = await browser.Requests.WaitAsync(request => request.Method == SipMethod.Message && Matches(request), $"{message} to the page");
        return Frame(told)["data"]![0]!.AsObject();

        bool Matches(SipRequest request) => Text(Frame(request), "message") == message && match(Frame(request)["data"]![0]!.AsObject());

        static JsonObject Frame(SipRequest request) => (JsonObject)JsonNode.Parse(request.Body.Span)!;
    }

    private async Task<WebSocketPhone> RegisteredAsync()
    {
        var browser = await ConnectAsync();
        Assert.Equal(200, (await browser.RegisterAsync()).Status);
        return browser;
    }

    private Task<RemotePage> PageAsync(string user) => RemotePage.OpenAsync(
        _worker.Settings.ControlUrl, $"?domain={LoneWorker.Domain}&user={user}&session={Token(user)}", with => with.SetRequestHeader("Origin", Origin));

    private string Token(string user) => _worker.Functions.Mint.Token(LoneWorker.Domain, user, TimeProvider.System.GetUtcNow(), claims =>
    {
        claims["origin"] = Origin;
        claims["calls"] = 20;
    });

    private async Task<WebSocketPhone> ConnectAsync()
    {
        var browser = await WebSocketPhone.ConnectAsync(
            new Uri($"ws://127.0.0.1:{_worker.Settings.ControlPort}/ws"), "101", LoneWorker.Domain, "", Origin);
        browser.Bearer = Token("101");
        return browser;
    }
}
