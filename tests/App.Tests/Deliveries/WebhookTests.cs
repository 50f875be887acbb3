using System.Net;
using System.Text;
using System.Text.Json;
using ClickToDial.App.Adapters;
using ClickToDial.App.Tests.Support;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;
using ClickToDial.Core.Webhooks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ClickToDial.App.Tests.Deliveries;

/// <summary>Subscriptions and deliveries (P6, P7, B4): from the event that came in to the subscriber's own server.</summary>
public sealed class WebhookTests(AppRig app)
{
    [Fact]
    public async Task CallOfOurs_ReachesBothStylesSignedAndInOrder()
    {
        var domain = app.NewDomain();
        await using var crm = await SubscriberPeer.StartAsync();
        await using var own = await SubscriberPeer.StartAsync();
        var made = await MakeAsync(domain, new { url = crm.Url, headers = new Dictionary<string, string> { ["X-Tenant"] = "acme" } });
        await MakeAsync(domain, new { url = own.Url, style = "call-event", triggers = new[] { "call.started", "call.ended" } });
        var id = await domain.PlaceAsync();

        foreach (var e in Call(domain, id)) await domain.TellAsync(e);

        await crm.Requests.WaitAsync(r => r.Json.GetProperty("type").GetString() == "user_outbound_completed", "the end");
        await own.Requests.WaitAsync(r => r.Json.GetProperty("type").GetString() == "call.ended", "the end");
        Assert.Equal(["user_outbound", "user_outbound_answered", "user_outbound_completed"], Types(crm));
        Assert.Equal(["call.started", "call.ended"], Types(own));
        var first = crm.Requests.Snapshot()[0];
        Assert.Equal((id.Value, $"{id}.1", "acme", "application/json"), (first.Json.GetProperty("unique_call_id").GetString(), first.Id, first.Headers["X-Tenant"], first.Headers["Content-Type"]));
        Assert.Equal(made.GetProperty("token").GetString(), first.Headers["X-Pbx-Token"]);
        Assert.All(crm.Requests.Snapshot(), r => Assert.True(IsSigned(r, made.GetProperty("secret").GetString()!)));
    }

    [Fact]
    public async Task Item_ReachesWhoeverWantsItOnce()
    {
        var domain = app.NewDomain();
        await using var crm = await SubscriberPeer.StartAsync();
        await MakeAsync(domain, new { url = crm.Url, triggers = new[] { "queue_call", "voicemail" } });
        object Told(string type) => new { type, domain = domain.Name, unique_call_id = "q/1", queue_name = "Sales", status = "abandoned", call_duration = "12", call_start_at = app.Clock.GetUtcNow() };

        foreach (var type in new[] { "ring_group_call", "queue_call", "queue_call" }) await domain.PostPbxAsync(Told(type));

        var got = await crm.Requests.WaitAsync(_ => true, "the summary");
        Assert.Equal(("queue_call", "Sales", 12), (got.Json.GetProperty("type").GetString(), got.Json.GetProperty("queue_name").GetString(), got.Json.GetProperty("call_duration").GetInt32()));
    }

    [Fact]
    public async Task Secrets_AreShownOnceAndSealedAtRest()
    {
        var domain = app.NewDomain();
        var made = await MakeAsync(domain, new { url = "http://127.0.0.1:9/hook?key=in-the-url", headers = new Dictionary<string, string> { ["Authorization"] = "Bearer in-a-header" } });
        string[] secrets = [made.GetProperty("secret").GetString()!, made.GetProperty("token").GetString()!, "in-a-header"];

        var shown = (await AskAsync(domain, HttpMethod.Get, Path(made))).Body + (await AskAsync(domain, HttpMethod.Get, "/api/webhooks")).Body;
        var row = (await app.Services.GetRequiredService<StorageClients>().Tables.GetTableClient(TableNames.Webhooks)
            .GetEntityAsync<Azure.Data.Tables.TableEntity>(domain.Name, made.GetProperty("id").GetString())).Value;

        Assert.Contains("\"Authorization\"", shown);
        var stored = string.Join("|", row.Select(p => p.Value).Select(v => v is byte[] bytes ? Encoding.Latin1.GetString(bytes) : v?.ToString()));
        Assert.All(secrets, s => Assert.DoesNotContain(s, shown));
        Assert.All(secrets.Append("in-the-url"), s => Assert.DoesNotContain(s, stored));
    }

    [Fact]
    public async Task Rotation_SignsWithBothUntilTheOldOneEnds()
    {
        var domain = app.NewDomain();
        await using var crm = await SubscriberPeer.StartAsync();
        var made = await MakeAsync(domain, new { url = crm.Url });
        var changed = (await AskAsync(domain, HttpMethod.Patch, Path(made), new { newSecret = true })).Json;

        await AskAsync(domain, HttpMethod.Post, Path(made) + "/test", new { });
        await AskAsync(domain, HttpMethod.Patch, Path(made), new { newSecret = true, keepPreviousHours = 0 });
        await AskAsync(domain, HttpMethod.Post, Path(made) + "/test", new { });

        string[] both = [made.GetProperty("secret").GetString()!, changed.GetProperty("secret").GetString()!];
        Assert.NotEqual(both[0], both[1]);
        Assert.All(both, s => Assert.True(IsSigned(crm.Requests.Snapshot()[0], s)));
        Assert.All(both, s => Assert.False(IsSigned(crm.Requests.Snapshot()[1], s)));
    }

    [Fact]
    public async Task Test_TellsWhatCameOfItWithoutOurSecrets()
    {
        var domain = app.NewDomain();
        await using var crm = await SubscriberPeer.StartAsync();
        crm.Answers = (http, r) =>
        {
            http.Response.StatusCode = 418;
            return http.Response.WriteAsync("no " + string.Join(";", r.Headers.Select(h => $"{h.Key}={h.Value}")));
        };
        var made = await MakeAsync(domain, new { url = crm.Url, headers = new Dictionary<string, string> { ["Authorization"] = "Bearer 5ecret" } });

        var tested = (await AskAsync(domain, HttpMethod.Post, Path(made) + "/test", new { trigger = "voicemail" })).Json;

        Assert.False(tested.GetProperty("delivered").GetBoolean());
        var attempt = tested.GetProperty("attempt");
        Assert.Equal(418, attempt.GetProperty("status").GetInt32());
        Assert.StartsWith("no ", attempt.GetProperty("excerpt").GetString());
        Assert.DoesNotContain("5ecret", tested.ToString());
        Assert.DoesNotContain(made.GetProperty("token").GetString()!, tested.ToString());
        Assert.Equal("voicemail", crm.Requests.Snapshot()[0].Json.GetProperty("type").GetString());
    }

    [Fact]
    public async Task Redirect_IsNotFollowedAndEndlessAnswerIsCut()
    {
        var domain = app.NewDomain();
        await using var crm = await SubscriberPeer.StartAsync();
        var made = await MakeAsync(domain, new { url = crm.Url });
        crm.Answers = (http, _) =>
        {
            http.Response.Redirect("/elsewhere");
            return Task.CompletedTask;
        };
        var redirected = (await AskAsync(domain, HttpMethod.Post, Path(made) + "/test", new { })).Json;
        crm.Answers = async (http, _) =>
        {
            var block = Encoding.ASCII.GetBytes(new string('x', 16 * 1024));
            while (!http.RequestAborted.IsCancellationRequested) await http.Response.Body.WriteAsync(block, http.RequestAborted);
        };
        var endless = (await AskAsync(domain, HttpMethod.Post, Path(made) + "/test", new { })).Json;

        Assert.Equal(302, redirected.GetProperty("attempt").GetProperty("status").GetInt32());
        Assert.All(crm.Requests.Snapshot(), r => Assert.Equal("/hook", r.Path));
        Assert.True(endless.GetProperty("delivered").GetBoolean());
        Assert.Equal(500, endless.GetProperty("attempt").GetProperty("excerpt").GetString()!.Length);
    }

    [Theory]
    [InlineData("https://10.0.0.1/", "webhook-url-not-allowed")]
    [InlineData("http://[::1]:5000/", "webhook-url-not-allowed")]
    [InlineData("http://169.254.169.254/latest", "webhook-url-not-allowed")]
    public async Task UrlIntoAPrivateNetwork_IsRefusedAtOnce(string url, string reason) =>
        (await AskAsync(app.NewDomain(), HttpMethod.Post, "/api/webhooks", new { url })).IsProblem(HttpStatusCode.BadRequest, reason, "url");

    [Fact]
    public async Task Verification_WantsTheChallengeBack()
    {
        var domain = app.NewDomain();
        await using var crm = await SubscriberPeer.StartAsync();
        (await AskAsync(domain, HttpMethod.Post, "/api/webhooks", new { url = crm.Url, verify = true })).IsProblem(HttpStatusCode.UnprocessableEntity, "webhook-not-verified", "url");
        Assert.Empty((await AskAsync(domain, HttpMethod.Get, "/api/webhooks")).Json.GetProperty("webhooks").EnumerateArray());

        crm.Answers = (http, r) => http.Response.WriteAsJsonAsync(new { challenge = r.Json.GetProperty("challenge").GetString() });

        await MakeAsync(domain, new { url = crm.Url, verify = true });
    }

    [Fact]
    public async Task Gone_DisablesAndWhatWasGivenUpCanBeReplayed()
    {
        var domain = app.NewDomain();
        await using var crm = await SubscriberPeer.StartAsync();
        crm.Answers = (http, _) =>
        {
            http.Response.StatusCode = 410;
            return Task.CompletedTask;
        };
        var made = await MakeAsync(domain, new { url = crm.Url });
        var id = await domain.PlaceAsync();
        await domain.TellAsync(domain.Event(id, 1, CallEventType.CallStarted));
        var dead = await app.UntilAsync(() => ListAsync(domain, made, "dead", 1), "it is dead");
        var shown = (await AskAsync(domain, HttpMethod.Get, Path(made))).Json;
        Assert.Equal((false, "gone"), (shown.GetProperty("enabled").GetBoolean(), shown.GetProperty("disabledReason").GetString()));
        Assert.Equal(("gone", 410, 1), (dead[0].GetProperty("reason").GetString(), dead[0].GetProperty("lastStatus").GetInt32(), dead[0].GetProperty("attempts").GetInt32()));
        crm.Answers = (_, _) => Task.CompletedTask;
        await AskAsync(domain, HttpMethod.Patch, Path(made), new { enabled = true });

        Assert.Equal(HttpStatusCode.Accepted, (await AskAsync(domain, HttpMethod.Post, $"{Path(made)}/deliveries/{dead[0].GetProperty("id").GetString()}/replay")).Status);
        await app.UntilAsync(() => ListAsync(domain, made, "delivered", 1), "it is delivered");
        var all = await AskAsync(domain, HttpMethod.Post, Path(made) + "/replay", new { from = app.Clock.GetUtcNow().AddMinutes(-5) });

        Assert.Equal(1, all.Json.GetProperty("replayed").GetInt32());
        await app.UntilAsync(async () => crm.Requests.Count == 3 && await ListAsync(domain, made, "delivered", 1) is { } list ? list : null, "it came a third time");
        Assert.Single(crm.Requests.Snapshot().Select(r => r.Id).Distinct());
        Assert.Empty((await AskAsync(domain, HttpMethod.Get, Path(made) + "/deliveries?status=dead")).Json.GetProperty("deliveries").EnumerateArray());
    }

    [Fact(DisplayName = "P6: what failed is sent again, all of it or that of a time; without being asked for what failed only, so is what was delivered")]
    public async Task Replay_TakesWhatFailedWhatIsOfATimeOrBoth()
    {
        var domain = app.NewDomain();
        await using var crm = await SubscriberPeer.StartAsync();
        var made = await MakeAsync(domain, new { url = crm.Url });
        var start = app.Clock.GetUtcNow().AddMinutes(-1);
        var told = new List<CallEvent>();
        async Task TellAsync(int status, int count)
        {
            crm.Answers = (http, _) =>
            {
                http.Response.StatusCode = status;
                return status == 410 ? http.Response.WriteAsync("moved away") : Task.CompletedTask;
            };
            await AskAsync(domain, HttpMethod.Patch, Path(made), new { enabled = true });
            told.Add(domain.Event(await domain.PlaceAsync(), 1, CallEventType.CallStarted) with { Time = start.AddSeconds(told.Count) });
            await domain.TellAsync(told[^1]);
            await app.UntilAsync(() => ListAsync(domain, made, status == 410 ? "dead" : "delivered", count), $"step {told.Count} is {status}");
        }

        async Task<int> ReplayAsync(object what) => (await AskAsync(domain, HttpMethod.Post, Path(made) + "/replay", what)).Json.GetProperty("replayed").GetInt32();
        int Came(int number) => crm.Requests.Snapshot().Count(r => r.Id == told[number].Id);

        for (var i = 1; i <= 3; i++) await TellAsync(410, i);
        Assert.All((await ListAsync(domain, made, "dead", 3))!, delivery =>
        {
            var attempt = delivery.GetProperty("history").EnumerateArray().Last();
            Assert.Equal((410, "moved away"), (attempt.GetProperty("status").GetInt32(), attempt.GetProperty("excerpt").GetString()));
            Assert.Equal(attempt.GetProperty("milliseconds").GetInt32(), delivery.GetProperty("latencyMilliseconds").GetInt32());
        });
        await TellAsync(204, 1);

        var others = (Came(0), Came(2), Came(3));
        Assert.Equal(1, await ReplayAsync(new { failed = true, from = told[1].Time, to = told[2].Time }));
        await app.UntilAsync(() => ListAsync(domain, made, "delivered", 2), "the second is delivered");
        Assert.Equal(others, (Came(0), Came(2), Came(3)));
        Assert.Equal(2, await ReplayAsync(new { failed = true }));
        await app.UntilAsync(() => ListAsync(domain, made, "delivered", 4), "all are delivered");
        var last = (Came(2), Came(3));
        Assert.Equal(2, await ReplayAsync(new { from = told[2].Time }));
        await app.UntilAsync(() => Task.FromResult(Came(2) > last.Item1 && Came(3) > last.Item2 ? "both" : null), "the last two came again");
        Assert.Equal(0, await ReplayAsync(new { failed = true }));
    }

    [Fact]
    public async Task SubscriberThatHangs_HoldsUpNoOther()
    {
        const int calls = 40;
        var domain = app.NewDomain();
        var never = new TaskCompletionSource();
        await using var hanging = await SubscriberPeer.StartAsync();
        await using var crm = await SubscriberPeer.StartAsync();
        hanging.Answers = (http, _) => never.Task.WaitAsync(http.RequestAborted);
        await MakeAsync(domain, new { url = hanging.Url });
        await MakeAsync(domain, new { url = crm.Url });

        for (var i = 0; i < calls; i++) await domain.TellAsync(domain.Event(CallId.Parse($"{domain.Name.Replace('.', '-')}-{i}"), 1, CallEventType.CallStarted));

        await crm.Requests.WaitForAsync(() => Task.FromResult(crm.Requests.Count >= calls ? "all" : null), "everything is there");
        never.SetResult();
    }

    [Fact]
    public async Task Deleted_IsGoneWithItsDeliveries()
    {
        var domain = app.NewDomain();
        await using var crm = await SubscriberPeer.StartAsync();
        var made = await MakeAsync(domain, new { url = crm.Url });
        await domain.TellAsync(domain.Event(await domain.PlaceAsync(), 1, CallEventType.CallStarted));
        await app.UntilAsync(() => ListAsync(domain, made, "delivered", 1), "it is delivered");

        Assert.Equal(HttpStatusCode.NoContent, (await AskAsync(domain, HttpMethod.Delete, Path(made))).Status);

        (await AskAsync(domain, HttpMethod.Get, Path(made) + "/deliveries")).IsProblem(HttpStatusCode.NotFound, "webhook-unknown");
        var table = app.Services.GetRequiredService<StorageClients>().Tables.GetTableClient(TableNames.WebhookDeliveries);
        var partition = $"{domain.Name}|{made.GetProperty("id").GetString()}";
        await app.UntilAsync(async () => await table.QueryAsync<Azure.Data.Tables.TableEntity>(e => e.PartitionKey == partition).AnyAsync() ? null : "gone", "the rows are gone");
    }

    [Fact]
    public async Task AnotherDomainsSubscription_IsUnknown()
    {
        var made = await MakeAsync(app.NewDomain(), new { url = "http://127.0.0.1:9/" });
        (await AskAsync(app.NewDomain(), HttpMethod.Get, Path(made))).IsProblem(HttpStatusCode.NotFound, "webhook-unknown");
    }

    internal static CallEvent[] Call(TestDomain domain, CallId id) =>
    [
        domain.Event(id, 1, CallEventType.CallStarted),
        domain.Event(id, 2, CallEventType.CallConnected) with { ConnectedAt = domain.App.Clock.GetUtcNow() },
        domain.Ended(id, 3) with { ConnectedAt = domain.App.Clock.GetUtcNow() },
    ];

    private static IEnumerable<string?> Types(SubscriberPeer peer) => peer.Requests.Snapshot().Select(r => r.Json.GetProperty("type").GetString());

    private static string Path(JsonElement made) => "/api/webhooks/" + made.GetProperty("id").GetString();

    private static Task<Answer> AskAsync(TestDomain domain, HttpMethod method, string path, object? body = null) => domain.AdminAsync(method, path, body, domain.FewKey);

    private static async Task<JsonElement> MakeAsync(TestDomain domain, object body)
    {
        var answer = await AskAsync(domain, HttpMethod.Post, "/api/webhooks", body);
        Assert.Equal(HttpStatusCode.Created, answer.Status);
        return answer.Json;
    }

    private static async Task<JsonElement[]?> ListAsync(TestDomain domain, JsonElement made, string status, int count)
    {
        var answer = await AskAsync(domain, HttpMethod.Get, $"{Path(made)}/deliveries?status={status}");
        return answer.Status == HttpStatusCode.OK && answer.Json.GetProperty("deliveries").GetArrayLength() == count
            ? [.. answer.Json.GetProperty("deliveries").EnumerateArray()] : null;
    }

    private static bool IsSigned(SubscriberPeer.Delivered r, string secret) =>
        StandardWebhook.TryReadSecret(secret, out var key)
        && StandardWebhook.Verifies([key], r.Id, r.Headers["webhook-timestamp"], r.Headers["webhook-signature"], r.Body, DateTimeOffset.FromUnixTimeSeconds(long.Parse(r.Headers["webhook-timestamp"])));
}
