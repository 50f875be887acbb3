using System.Net;
using System.Net.Sockets;
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
    private static readonly BrowserIdentity Identity = new("demo.local", "101", "token-1", DateTimeOffset.UtcNow.AddHours(1), Destinations: ["echo"]);

    [Fact(DisplayName = "F2: a worker asks about what another's browser does in its calls as the back end wants it, until it has gone, and is not told its token")]
    public async Task Rules_go_along_without_the_token()
    {
        await using var there = new Side(flow => new BrowserSession("s-1", "its-token", Identity) { Flow = flow });
        await using var here = new Side(_ => null);
        using var browser = new TcpClient(AddressFamily.InterNetwork);
        await browser.ConnectAsync(there.Endpoint.Listening[0].Address);
        var flow = new SipFlow(SipTransportKind.Tcp, (IPEndPoint)browser.Client.LocalEndPoint!);
        await browser.GetStream().WriteAsync("OPTIONS sip:a SIP/2.0\r\nVia: SIP/2.0/TCP a;branch=z9hG4bKa\r\nFrom: <sip:a>;tag=a\r\nTo: <sip:a>\r\nCall-ID: a\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
        Assert.Equal(flow, await there.Heard.WaitAsync(Patience.Limit));
        var config = JsonNode.Parse("""{"hold":{"restOnError":"FAIL","restPolicy":"OVERWRITE","restOverwrite":"x"}}""");
        Assert.True(there.Rules.TryAdd("s-1", new HookSession(HookRules.Read(config), flow.Remote.Address, "demo.local", "101", Identity.ExpiresAt)));
        var binding = new Binding("demo.local", "101", BrowserDevice.Name, "", flow.Kind, flow.Remote.ToString(), "c1", 1, default);
        Assert.True(there.Bindings.TryApply(binding, [new ContactWish("sip:101@phone.invalid", TimeSpan.FromMinutes(5), null)]));
        await using var web = await there.ServeAsync();
        // The worker there tells nothing of its calls, as those before did not: its phones are known all the same.
        here.Fellows.Elsewhere.Watch("demo.local", "101");
        here.Fellows.Know([new Uri(web.Urls.First())]);

        await here.Fellows.WhenAsync(known => known.SessionOf("s-1") is not null).WaitAsync(Patience.Limit);
        var known = Assert.Single(here.Fellows.Find("demo.local", "101"));
        var session = here.Fellows.SessionOver(known.Flow)!;
        Assert.Equal(("s-1", "", known.Flow), (session.Id, session.Token, session.Flow));
        Assert.Equal(["echo"], session.Identity.Destinations!);
        Assert.Equal((HookOnError.Fail, HookPolicy.Overwrite), (here.Rules.Find("s-1")!.Rules["hold"].OnError, here.Rules.Find("s-1")!.Rules["hold"].Policy));
        Assert.Equal(there.Rules.Find("s-1")!.Since, here.Rules.Find("s-1")!.Since);

        // A phone on TLS there is as one in the clear, while the way there is.
        Assert.False(here.Endpoint.Encrypts(known.Flow with { Kind = SipTransportKind.Tls }));
        Assert.True(here.Endpoint.Encrypts(flow with { Kind = SipTransportKind.Tls }));

        browser.Close();
        await here.Fellows.WhenAsync(known => known.SessionOf("s-1") is null).WaitAsync(Patience.Limit);
        Assert.Null(here.Rules.Find("s-1"));
        Assert.False(here.Endpoint.IsOpen(known.Flow));
    }

    private sealed class Side : ISipHandler, IAsyncDisposable
    {
        private readonly TaskCompletionSource<SipFlow> _heard = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Side(Func<SipFlow, BrowserSession?> browserOver)
        {
            Fellows = new Fellows("the-control-token", TimeProvider.System, NullLogger<Fellows>.Instance);
            var options = new SipEndpointOptions { Listen = [new SipListen(SipTransportKind.Tcp, new IPEndPoint(IPAddress.Loopback, 0))], OtherTransports = [Fellows] };
            Endpoint = new SipEndpoint(options, TimeProvider.System, NullLogger<SipEndpoint>.Instance);
            Fellows.Lend(Endpoint, Bindings, browserOver, Rules);
            Endpoint.Start(this);
        }

        public Fellows Fellows { get; }

        /// <summary>Over which connection the first request came.</summary>
        public Task<SipFlow> Heard => _heard.Task;

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

        public void OnRequest(ServerTransaction transaction)
        {
            transaction.Respond(500);
            _heard.TrySetResult(transaction.Flow);
        }

        public ValueTask DisposeAsync() => Endpoint.DisposeAsync();
    }
}
