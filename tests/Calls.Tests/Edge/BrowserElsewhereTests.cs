using System.Net;
using System.Text.Json.Nodes;
using ClickToDial.Calls.Edge;
using ClickToDial.Calls.Hooks;
using ClickToDial.Calls.Registrar;
using ClickToDial.Calls.Tests.Support;
using ClickToDial.Sip.Endpoint;
using ClickToDial.Sip.Transactions;
using ClickToDial.Sip.Transport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClickToDial.Calls.Tests.Edge;

/// <summary>What a worker knows of a browser that is connected to another.</summary>
[Trait("row", "F2")]
public sealed class BrowserElsewhereTests
{
    private static readonly SipFlow Flow = new(SipTransportKind.Udp, IPEndPoint.Parse("127.0.0.1:9"));
    private static readonly BrowserIdentity Identity = new("demo.local", "101", "token-1", DateTimeOffset.UtcNow.AddHours(1), Destinations: ["echo"]);

    [Fact(DisplayName = "F2: a worker asks about what another's browser does in its calls as the back end wants it, under the token it was let in with, until it has gone")]
    public async Task Rules_and_token_go_along()
    {
        await using var there = new Side(_ => new BrowserSession("s-1", "its-token", Identity) { Flow = Flow });
        await using var here = new Side(_ => null);
        var config = JsonNode.Parse("""{"hold":{"restOnError":"FAIL","restPolicy":"OVERWRITE","restOverwrite":"x"}}""");
        Assert.True(there.Rules.TryAdd("s-1", new HookSession(HookRules.Read(config), Flow.Remote.Address, "demo.local", "101", Identity.ExpiresAt)));
        var binding = new Binding("demo.local", "101", BrowserDevice.Name, "", Flow.Kind, Flow.Remote.ToString(), "c1", 1, default);
        Assert.True(there.Bindings.TryApply(binding, [new ContactWish("sip:101@phone.invalid", TimeSpan.FromMinutes(5), null)]));
        await using var web = await there.ServeAsync();
        here.Fellows.Know([new Uri(web.Urls.First())]);

        await UntilAsync(() => here.Fellows.SessionOf("s-1") is not null);
        var known = Assert.Single(here.Fellows.Find("demo.local", "101"));
        var session = here.Fellows.SessionOver(known.Flow)!;
        Assert.Equal(("s-1", "its-token", known.Flow), (session.Id, session.Token, session.Flow));
        Assert.Equal(["echo"], session.Identity.Destinations!);
        Assert.Equal((HookOnError.Fail, HookPolicy.Overwrite), (here.Rules.Find("s-1")!.Rules["hold"].OnError, here.Rules.Find("s-1")!.Rules["hold"].Policy));

        ((ISipTransportSink)there.Endpoint).OnFlowFailed(Flow);
        await UntilAsync(() => here.Fellows.SessionOf("s-1") is null);
        Assert.Null(here.Rules.Find("s-1"));
        Assert.False(here.Endpoint.IsOpen(known.Flow));
    }

    private static async Task UntilAsync(Func<bool> so)
    {
        using var limit = new CancellationTokenSource(Patience.Limit);
        while (!so()) await Task.Delay(5, limit.Token);
    }

    private sealed class Side : ISipHandler, IAsyncDisposable
    {
        public Side(Func<SipFlow, BrowserSession?> browserOver)
        {
            Fellows = new Fellows("the-control-token", TimeProvider.System, NullLogger<Fellows>.Instance);
            var options = new SipEndpointOptions { Listen = [new SipListen(SipTransportKind.Udp, new IPEndPoint(IPAddress.Loopback, 0))], OtherTransports = [Fellows] };
            Endpoint = new SipEndpoint(options, TimeProvider.System, NullLogger<SipEndpoint>.Instance);
            Fellows.Lend(Endpoint, Bindings, browserOver, Rules);
            Endpoint.Start(this);
        }

        public Fellows Fellows { get; }

        public SipEndpoint Endpoint { get; }

        public BindingStore Bindings { get; } = new(TimeProvider.System);

        public HookSessions Rules { get; } = new(TimeProvider.System);

        public async Task<WebApplication> ServeAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            var web = builder.Build();
            web.UseWebSockets();
            web.Map("/control/fellows/{name}", async (HttpContext http, string name) =>
            {
                using var socket = await http.WebSockets.AcceptWebSocketAsync();
                await Fellows.ServeAsync(socket, name, http.RequestAborted);
            });
            await web.StartAsync();
            return web;
        }

        public void OnRequest(ServerTransaction transaction) => transaction.Respond(500);

        public ValueTask DisposeAsync() => Endpoint.DisposeAsync();
    }
}
