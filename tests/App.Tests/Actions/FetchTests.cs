using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClickToDial.App.Actions.Scripts;
using ClickToDial.App.Adapters;
using ClickToDial.App.Adapters.Egress;
using ClickToDial.App.Tests.Support;
using ClickToDial.Core.Access;
using ClickToDial.Core.Egress;
using ClickToDial.TestKit.Time;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ClickToDial.App.Tests.Actions;

/// <summary>Row C7: <c>http.fetch</c> reaches the hosts that its domain lists and no other, and does nothing twice.</summary>
public sealed class FetchTests(AppRig app)
{
    private const string Fetch = """
        export async function main(data) {
          try { return { got: await http.fetch(data.url, data.options) }; } catch (e) { return { refused: e.reason }; }
        }
        """;

    [Fact(DisplayName = "C7: a script fetches from a host of its domain's list, and from no other")]
    public async Task Listed_host_is_fetched_from()
    {
        await using var crm = await SubscriberPeer.StartAsync();
        crm.Answers = async (http, _) =>
        {
            http.Response.Headers["X-Kind"] = "lead";
            http.Response.StatusCode = 201;
            await http.Response.WriteAsync("hällo");
        };
        var desk = ActionDesk.Of(app);
        var button = await FetchButtonAsync(desk);
        Assert.Equal("http-not-allowed", Refused(await FetchAsync(desk, button, crm.Url.ToString())));
        await AllowAsync(desk, crm.Url.Authority);

        var got = (await FetchAsync(desk, button, crm.Url.ToString(), new { method = "post", headers = new Dictionary<string, string> { ["X-Token"] = "t" }, body = new { a = 1 } })).Json.GetProperty("got");

        Assert.Equal((201, "hällo", "lead"), (got.GetProperty("status").GetInt32(), got.GetProperty("body").GetString(), got.GetProperty("headers").GetProperty("x-kind").GetString()));
        var sent = Assert.Single(crm.Requests.Snapshot());
        Assert.Equal(("t", "application/json", 1), (sent.Headers["X-Token"], sent.Headers["Content-Type"], sent.Json.GetProperty("a").GetInt32()));
        Assert.True(sent.Headers.ContainsKey("Idempotency-Key"));
    }

    [Fact(DisplayName = "C7: a redirect is not followed; what is too long, framed by the script or no public URL is refused")]
    public async Task Nothing_leads_around_the_list()
    {
        await using var elsewhere = await SubscriberPeer.StartAsync();
        await using var crm = await SubscriberPeer.StartAsync();
        crm.Answers = async (http, request) =>
        {
            if (request.Path == "/hook") http.Response.Redirect(elsewhere.Url.ToString());
            else await http.Response.Body.WriteAsync(new byte[ScriptFetch.MaxBody + 1]);
        };
        var desk = ActionDesk.Of(app);
        var button = await FetchButtonAsync(desk);
        await AllowAsync(desk, crm.Url.Authority, "10.0.0.1", "*.example.com");

        var redirected = (await FetchAsync(desk, button, crm.Url.ToString())).Json.GetProperty("got");
        Assert.Equal((302, elsewhere.Url.ToString()), (redirected.GetProperty("status").GetInt32(), redirected.GetProperty("headers").GetProperty("location").GetString()));
        Assert.Empty(elsewhere.Requests.Snapshot());
        Assert.Equal("http-too-large", Refused(await FetchAsync(desk, button, new Uri(crm.Url, "/long").ToString())));
        Assert.Equal("http-header-not-allowed", Refused(await FetchAsync(desk, button, crm.Url.ToString(), new { headers = new { Host = "other" } })));
        Assert.Equal("argument-invalid", Refused(await FetchAsync(desk, button, crm.Url.ToString(), new { method = "CONNECT" })));
        foreach (var url in (string[])["http://10.0.0.1/", "file:///etc/passwd", "http://user@api.example.com/"])
            Assert.Equal("http-url-invalid", Refused(await FetchAsync(desk, button, url)));
        // Another way to write an address is no way around the list.
        Assert.Equal("http-not-allowed", Refused(await FetchAsync(desk, button, $"http://0x7f000001:{elsewhere.Url.Port}/")));
        Assert.Empty(elsewhere.Requests.Snapshot());
    }

    [Fact(DisplayName = "C7: a listed name that leads into a private network is not connected to")]
    public async Task Private_address_is_not_reached()
    {
        var desk = ActionDesk.Of(app, needsScripts: false);
        await AllowAsync(desk, "*.example.com");
        var rules = new EgressRules(AddressRanges.None);
        using var fetch = new ScriptFetch(
            new EgressGuard(rules, new Names(IPAddress.Parse("10.0.0.1"), IPAddress.IPv6Loopback)), rules, new EgressOptions(),
            app.Services.GetRequiredService<StorageClients>(), TimeProvider.System);
        var refused = await Assert.ThrowsAsync<ScriptRequestException>(
            () => fetch.FetchAsync(Caller(desk, "k1"), ["https://api.example.com/"], CancellationToken.None));
        Assert.Equal("http-address-not-allowed", refused.Reason);
    }

    [Theory(DisplayName = "C7: a host that has not answered within five seconds is given up, whether it says nothing or stops in the middle")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Slow_host_is_given_up(bool begins)
    {
        await using var crm = await SubscriberPeer.StartAsync();
        var clock = new ManualTimeProvider(app.Clock.GetUtcNow());
        crm.Answers = async (http, _) =>
        {
            if (begins)
            {
                await http.Response.Body.WriteAsync(new byte[1]);
                await http.Response.Body.FlushAsync();
            }
            clock.Advance(ScriptFetch.Limit);
            // Until the other side goes away.
            await Task.WhenAny(Task.Delay(Timeout.Infinite, http.RequestAborted));
        };
        var desk = ActionDesk.Of(app, needsScripts: false);
        await AllowAsync(desk, crm.Url.Authority);
        using var fetch = new ScriptFetch(
            app.Services.GetRequiredService<EgressGuard>(), app.Services.GetRequiredService<EgressRules>(), app.Services.GetRequiredService<EgressOptions>(),
            app.Services.GetRequiredService<StorageClients>(), clock);
        var refused = await Assert.ThrowsAsync<ScriptRequestException>(() => fetch.FetchAsync(Caller(desk, "slow"), [crm.Url.ToString()], CancellationToken.None));
        Assert.Equal("http-timeout", refused.Reason);
    }

    [Fact(DisplayName = "C7: what may have an effect is sent once: a repeat gets the answer that was kept, or is told that nobody knows")]
    public async Task Effect_is_not_repeated()
    {
        await using var crm = await SubscriberPeer.StartAsync();
        var desk = ActionDesk.Of(app, needsScripts: false);
        await AllowAsync(desk, crm.Url.Authority);
        var fetch = app.Services.GetRequiredService<ScriptFetch>();
        JsonArray Post() => [crm.Url.ToString(), new JsonObject { ["method"] = "POST" }];

        var first = await fetch.FetchAsync(Caller(desk, "once"), Post(), CancellationToken.None);
        var again = await fetch.FetchAsync(Caller(desk, "once"), Post(), CancellationToken.None);

        Assert.Equal(first!.ToJsonString(), again!.ToJsonString());
        Assert.Single(crm.Requests.Snapshot());

        // The process dies between sending and keeping the answer: the caller goes away while the subscriber has the request.
        using var death = new CancellationTokenSource();
        crm.Answers = async (http, _) =>
        {
            await death.CancelAsync();
            http.Abort();
        };
        await Assert.ThrowsAnyAsync<Exception>(() => fetch.FetchAsync(Caller(desk, "died"), Post(), death.Token));
        var unknown = await Assert.ThrowsAsync<ScriptRequestException>(() => fetch.FetchAsync(Caller(desk, "died"), Post(), CancellationToken.None));
        Assert.Equal("http-outcome-unknown", unknown.Reason);
        Assert.Equal(2, crm.Requests.Count);
    }

    [Fact]
    public async Task Settings_are_the_administrators_and_checked()
    {
        var desk = ActionDesk.Of(app, needsScripts: false);
        (await desk.Domain.SendAsync(HttpMethod.Put, "/api/script-settings", new { eval = true })).IsProblem(HttpStatusCode.Forbidden, "scope-missing");
        foreach (var host in (string[])["*", "*.com", "a b", "https://x.com", "x.com/path", "*.10.0.0.1", ""])
            (await desk.Domain.AdminAsync(HttpMethod.Put, "/api/script-settings", new { fetchHosts = new[] { host } })).IsProblem(HttpStatusCode.BadRequest, "field-invalid", "fetchHosts");
        await AllowAsync(desk, "api.example.com:8443");
        Assert.Equal("""{"fetchHosts":["api.example.com:8443"],"eval":false}""", (await desk.Domain.AdminAsync(HttpMethod.Get, "/api/script-settings")).Body);
    }

    private static async Task AllowAsync(ActionDesk desk, params string[] hosts) =>
        Assert.Equal(HttpStatusCode.OK, (await desk.Domain.AdminAsync(HttpMethod.Put, "/api/script-settings", new { fetchHosts = hosts })).Status);

    private static async Task<string> FetchButtonAsync(ActionDesk desk) => await desk.ButtonAsync(new { label = "Fetch", sandbox_id = await desk.ScriptAsync(Fetch), supersedes = true });

    private static Task<Answer> FetchAsync(ActionDesk desk, string button, string url, object? options = null) =>
        desk.PressAsync(button, new { user = "101", data = new { url, options } });

    private static string? Refused(Answer answer)
    {
        Assert.True(answer.Json.TryGetProperty("refused", out var refused), answer.Body);
        return refused.GetString();
    }

    private static ScriptCaller Caller(ActionDesk desk, string key) => new(desk.Domain.Name, "101", "chain", key);

    private sealed class Names(params IPAddress[] answers) : IHostResolver
    {
        public Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken stop) => Task.FromResult<IReadOnlyList<IPAddress>>(answers);
    }
}
