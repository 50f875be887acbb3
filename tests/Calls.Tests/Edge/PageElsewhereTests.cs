using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using ClickToDial.Calls.Control;
using ClickToDial.Calls.Hooks;
using ClickToDial.Calls.RemoteControl;
using ClickToDial.Calls.Tests.Support;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;
using ClickToDial.Contracts.Events;
using ClickToDial.TestKit.Browser;
using ClickToDial.TestKit.Peers;
using ClickToDial.TestKit.Phones;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ClickToDial.Calls.Tests.Edge;

/// <summary>Pages at one worker, with the calls of their users at another.</summary>
[Trait("row", "V6")]
public sealed class PageElsewhereTests : TwoWorkersTest
{
    private WebApplication? _web;
    private readonly ConcurrentBag<Task> _served = [];
    private BreakableLine? _line;

    [Fact(DisplayName = "V6: a page sees its user's call that another worker has as it rings, talks, is held and ends; it holds, resumes and clears it; a page of another user sees and does nothing")]
    public async Task Call_is_seen_and_commanded()
    {
        await LinkedAsync(Calls.ControlUrl);
        await using var phone = await Phones.PhoneAsync("101-a");
        await KnownAsync("101");
        await using var page = await PageAsync("101");
        await using var stranger = await PageAsync("102");
        var id = await OriginateAsync("echo");
        var ringing = await phone.RingsAsync();
        await page.CallsAsync(calls => Word(calls, id) == "alerting");
        await ringing.AnswerAsync();
        await page.CallsAsync(calls => Word(calls, id) == "connected");

        await page.SendAsync(Frame("hold-call", id));
        await page.CallsAsync(calls => Word(calls, id) == "holding");
        var held = page.Frames.Count;
        await page.SendAsync(Frame("hold-call", id));
        await page.CallsAsync(calls => Word(calls, id) == "connected", held);

        await stranger.SendAsync(Frame("hold-call", id));
        Assert.Equal(WorkerProblemReasons.NotFound, await stranger.RefusedAsync("hold-call"));
        Assert.All(stranger.Frames.Snapshot().Where(frame => (string?)frame["action"] == "call-state"), frame => Assert.Empty(frame["calls"]!.AsArray()));

        var told = page.Frames.Count;
        await page.SendAsync(Frame("clear-call", id));
        Assert.Equal(CallEnd.HungUpByPeer, await ringing.EndsAsync());
        await page.CallsAsync(calls => calls.Count == 0, told);
        await EndsAsync(id, CallResult.Answered, CallReasons.HungUpByApi);
        await page.SendAsync(Frame("clear-call", id));
        Assert.Equal(WorkerProblemReasons.NotFound, await page.RefusedAsync("clear-call"));
    }

    [Fact(DisplayName = "V6: the link breaks and returns: the page then has the calls as they are, and what it ordered meanwhile is done")]
    public async Task Link_breaks()
    {
        _line = new BreakableLine(Calls.ControlUrl);
        // However slow the machine is: the line is mended before the link is given up.
        Phones.Server.Fellows!.Grace = TimeSpan.FromMinutes(10);
        await LinkedAsync(_line.Entry);
        await using var phone = await Phones.PhoneAsync("101-a", onCall: IncomingCall.Answer);
        await KnownAsync("101");
        await using var page = await PageAsync("101");
        var (over, goesOn) = (await OriginateAsync("echo"), await OriginateAsync("echo"));
        await page.CallsAsync(calls => Word(calls, over) == "connected" && Word(calls, goesOn) == "connected");

        _line.Cut();
        await Phones.Server.Fellows.WhenAsync(known => known.State.Reached == 0).WaitAsync(Patience.Limit);
        await Calls.Api.HangUpAsync(over);
        var begun = await OriginateAsync("echo");
        await Calls.Functions.EventAsync(begun, CallEventType.CallConnected);
        await page.SendAsync(Frame("hold-call", goesOn));
        _line.Mend();
        await page.CallsAsync(calls => calls.Count == 2 && Word(calls, goesOn) == "holding" && Word(calls, begun) == "connected");
        Assert.DoesNotContain(page.Frames.Snapshot(), frame => (string?)frame["action"] == "refused");
    }

    [Fact(DisplayName = "V6: a call that left the page's list with its worker and is back is not told as a new one")]
    public async Task Comes_back()
    {
        _line = new BreakableLine(Calls.ControlUrl);
        Phones.Server.Fellows!.Grace = TimeSpan.Zero;
        await LinkedAsync(_line.Entry);
        await using var caller = await Calls.PhoneAsync("101-a", onCall: IncomingCall.Answer);
        await using var called = await Calls.PhoneAsync("102-a", 800, IncomingCall.Answer);
        await using var page = await PageAsync("102");
        var id = await OriginateAsync("102");
        await page.CallsAsync(calls => Word(calls, id) == "connected");
        var told = page.Frames.Count;
        _line.Cut();
        await page.CallsAsync(calls => calls.Count == 0, told);
        told = page.Frames.Count;
        _line.Mend();
        await page.CallsAsync(calls => Word(calls, id) == "connected", told);
        Assert.Single(page.Frames.Snapshot(), frame => (string?)frame["action"] == "callerid");
    }

    [Fact(DisplayName = "V6: a worker that dies takes its calls from the page's list")]
    public async Task Worker_dies()
    {
        await LinkedAsync(Calls.ControlUrl);
        await using var phone = await Phones.PhoneAsync("101-a", onCall: IncomingCall.Answer);
        await KnownAsync("101");
        await using var page = await PageAsync("101");
        var id = await OriginateAsync("echo");
        await page.CallsAsync(calls => Word(calls, id) == "connected");
        var told = page.Frames.Count;
        await Calls.KillWorkerAsync();
        await page.CallsAsync(calls => calls.Count == 0, told);
        await page.SendAsync(Frame("hold-call", id));
        Assert.Equal(WorkerProblemReasons.NotFound, await page.RefusedAsync("hold-call"));
        await Calls.StartWorkerAsync();
    }

    [Fact(DisplayName = "V6: two calls at another worker are joined there; of two calls at different workers the page is told that they cannot be")]
    public async Task Joined_or_not()
    {
        await LinkedAsync(Calls.ControlUrl);
        await using var phone = await Phones.PhoneAsync("101-a", onCall: IncomingCall.Answer);
        await using var far = await Calls.PhoneAsync("102-a", 800, IncomingCall.Answer);
        await KnownAsync("101");
        await using var page = await PageAsync("101");
        var (first, second) = (await OriginateAsync("102"), await OriginateAsync("102"));
        var here = WorkerClient.NewCallId();
        Assert.Equal(OriginateVerdict.Accepted, (await Phones.Server.Calls.OriginateAsync(here, WorkerRig.Command("echo"), CancellationToken.None)).Verdict);
        await page.CallsAsync(calls => new[] { first, second, here }.All(id => Word(calls, id) == "connected"));

        await page.SendAsync($$"""{"action":"att-transfer","id":"{{here}}","id2":"{{second}}"}""");
        Assert.Equal(WorkerProblemReasons.CallsApart, await page.RefusedAsync("att-transfer"));
        await page.SendAsync($$"""{"action":"att-transfer","id":"{{first}}","id2":"{{second}}"}""");
        await EndsAsync(second, CallResult.Answered, CallReasons.Transferred);
        await page.CallsAsync(calls => calls.Count == 1 && Word(calls, here) == "connected");
    }

    [Fact(DisplayName = "V6: who watches the domain sees the calls of another worker by their users, until the page that watched leaves, however often it asks")]
    public async Task Domain_is_seen()
    {
        await LinkedAsync(Calls.ControlUrl);
        await using var phone = await Phones.PhoneAsync("101-a", onCall: IncomingCall.Answer);
        await KnownAsync("101");
        var id = await OriginateAsync("echo");
        await using var page = await PageAsync("102");
        await page.SendAsync("""{"action":"domain-calls","subscribe":true}""");
        await page.FrameAsync("domain-state", frame => Word(CallsOf(frame, "101"), id) == "connected");
        Assert.Contains((WorkerRig.Domain, null), Phones.Server.Fellows!.Elsewhere.Watched);

        await page.SendAsync("""{"action":"domain-calls","subscribe":false}""");
        await page.SendAsync("""{"action":"clear-call","id":"nobody"}""");
        await page.RefusedAsync("clear-call");
        Assert.Contains((WorkerRig.Domain, null), Phones.Server.Fellows.Elsewhere.Watched);

        await page.DisposeAsync();
        await Task.WhenAll(_served).WaitAsync(Patience.Limit);
        Assert.DoesNotContain((WorkerRig.Domain, null), Phones.Server.Fellows.Elsewhere.Watched);
        Assert.Null(Phones.Server.Fellows.Elsewhere.OwnerOf(id));
    }

    protected override CallServerOptions OfPhones(CallServerOptions options) =>
        base.OfPhones(options) with { RemoteControl = new RemoteControlOptions { DomainCalls = true } };

    protected override void Introduce()
    {
        // However slow the machine is: what was ordered is still wanted when its turn comes.
        Phones.Server.Fellows!.OrderLimit = TimeSpan.FromMinutes(10);
        Calls.Server.Fellows!.Know([Phones.ControlUrl]);
    }

    public override async ValueTask DisposeAsync()
    {
        if (_web is not null) await _web.DisposeAsync();
        await base.DisposeAsync();
        if (_line is not null) await _line.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private static string Frame(string action, CallId id) => $$"""{"action":"{{action}}","id":"{{id}}"}""";

    private static string? Word(JsonArray calls, CallId id) => (string?)calls.FirstOrDefault(call => (string?)call!["id"] == id.Value)?["callstate"];

    private static JsonArray CallsOf(JsonNode frame, string user) =>
        frame["accounts"]!.AsArray().Single(account => (string?)account!["account"] == user)!["calls"]?.AsArray() ?? [];

    private async Task LinkedAsync(Uri way)
    {
        Phones.Server.Fellows!.Know([way]);
        await Phones.Server.Fellows.WhenAsync(known => known.State.Reached == 1).WaitAsync(Patience.Limit);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _web = builder.Build();
        _web.UseWebSockets();
        _web.Map("/websocket", ServeAsync);
        await _web.StartAsync();
    }

    private Task<RemotePage> PageAsync(string user) => RemotePage.OpenAsync(new Uri(_web!.Urls.First()), $"?user={user}");

    // Whoever says so is that user: who may be let in is shown elsewhere.
    private Task ServeAsync(HttpContext http)
    {
        var user = http.Request.Query["user"].ToString();
        var identity = new BrowserIdentity(WorkerRig.Domain, user, "t-" + user, DateTimeOffset.MaxValue);
        var knock = new RemoteKnock(null, null, null, null, new IPEndPoint(IPAddress.Loopback, 1), null);
        var served = Phones.Server.RemoteControl.TryServeAsync(
            new RemoteVisitor(Guid.NewGuid().ToString("N"), identity, knock), () => http.WebSockets.AcceptWebSocketAsync(), http.RequestAborted);
        _served.Add(served);
        return served;
    }
}
