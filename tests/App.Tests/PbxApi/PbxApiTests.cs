using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ClickToDial.App.Tests.Support;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;
using ClickToDial.Core.Calls;
using ClickToDial.Core.Pbx;
using Microsoft.Extensions.DependencyInjection;

namespace ClickToDial.App.Tests.PbxApi;

/// <summary>The integration API as its clients know it (P1 to P3).</summary>
public sealed class PbxApiTests(AppRig app)
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task UserCalls_HaveTheDocumentedEnvelopeAndSpelling()
    {
        var domain = app.NewDomain();
        await AddAsync(domain, "101", Noon, talked: true, unique: "1571.9");
        await AddAsync(domain, "102", Noon.AddMinutes(-1), talked: false, direction: CallDirection.Inbound);

        var answer = await AskAsync(domain, "get-user-calls?from_date=2026-03-10&to_date=2026-03-10&sort_by=newest_first");

        Assert.Equal(("success", 200), (answer.Json.GetProperty("status").GetString(), answer.Json.GetProperty("code").GetInt32()));
        Assert.Contains("time zone UTC", answer.Json.GetProperty("message").GetString());
        var rows = answer.Json.GetProperty("data");
        Assert.Equal(
            ["unique_call_id", "type", "caller_id", "caller_name", "dest_number", "user_name", "user_number", "call_start_at", "connected_at", "call_duration", "conversation_duration"],
            rows[0].EnumerateObject().Select(p => p.Name));
        Assert.Equal("""["1571.9","user_outbound_answered","101","2026-03-10T12:00:00.000Z","2026-03-10T12:00:05.000Z",65,60]""", Picked(rows[0]));
        Assert.StartsWith("""["in-""", Picked(rows[1]).Replace(rows[1].GetProperty("unique_call_id").GetString()!, "in-"));
        Assert.EndsWith(""","user_inbound_missed","102","2026-03-10T11:59:00.000Z",null,20,0]""", Picked(rows[1]));
    }

    [Theory]
    [InlineData("get-user-calls", "users_names", "101")]
    [InlineData("get-queue-calls", "queues_names", "Sales")]
    [InlineData("get-ringgroup-calls", "ringgroups_names", "Sales")]
    public async Task Lists_AreNarrowedByDayNameIdOffsetLimitAndOrder(string list, string names, string name)
    {
        var domain = app.NewDomain();
        for (var i = 0; i < 6; i++) await AddAsync(domain, list, i % 2 == 0 ? name : "102", Noon.AddDays(i), $"id-{i}");
        async Task<string> Ids(string query) =>
            string.Join(' ', (await AskAsync(domain, $"{list}?{query}")).Json.GetProperty("data").EnumerateArray().Select(r => r.GetProperty("unique_call_id").GetString()![^1]));

        Assert.Equal("5 4 3 2 1 0", await Ids(""));
        Assert.Equal("2 1", await Ids("from_date=2026-03-11&to_date=2026-03-12"));
        Assert.Equal("4 2 0", await Ids($"{names}={name}"));
        Assert.Equal("5 4 3 2 1 0", await Ids($"{names}={name},102"));
        Assert.Equal("", await Ids($"{names}=nobody"));
        Assert.Equal("3 2", await Ids("offset=2&limit=2"));
        Assert.Equal("2 0", await Ids($"{names}={name}&offset=1"));
        Assert.Equal("1 2", await Ids("sort_by=oldest_first&offset=1&limit=2"));
        Assert.Equal("3", await Ids("unique_call_id=id-3"));
        Assert.Equal("", await Ids("unique_call_id=id-3&to_date=2026-03-10"));
        Assert.Equal("", await Ids("offset=6"));
    }

    [Theory]
    [InlineData("from_date=10.03.2026", "field-invalid", "from_date")]
    [InlineData("to_date=2026-02-30", "field-invalid", "to_date")]
    [InlineData("from_date=2026-03-11&to_date=2026-03-10", "field-invalid", "to_date")]
    [InlineData("sort_by=sideways", "field-invalid", "sort_by")]
    [InlineData("limit=0", "field-out-of-range", "limit")]
    [InlineData("limit=10001", "field-out-of-range", "limit")]
    [InlineData("offset=-1", "field-out-of-range", "offset")]
    [InlineData("offset=19999", "offset-too-large", "offset")]
    [InlineData("offset=99999999999", "field-out-of-range", "offset")]
    public async Task BadParameters_AreNamedInTheEnvelope(string query, string reason, string field)
    {
        var domain = app.NewDomain();
        foreach (var list in new[] { "get-user-calls", "get-queue-calls", "get-ringgroup-calls" })
        {
            var answer = await AskAsync(domain, $"{list}?{query}");
            Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
            Assert.Equal(
                ("error", 400, reason, field),
                (answer.Json.GetProperty("status").GetString(), answer.Json.GetProperty("code").GetInt32(), answer.Json.GetProperty("reason").GetString(), answer.Json.GetProperty("field").GetString()));
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("ctd_key1_wrongwrongwrongwrong")]
    public async Task MissingOrWrongKey_Is401InTheEnvelope(string? key)
    {
        var domain = app.NewDomain();
        foreach (var (method, path) in new[] { ("GET", "get-user-calls"), ("GET", "get-queue-calls"), ("GET", "get-ringgroup-calls"), ("POST", "call-to-number") })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), $"/api/integration/v2/{path}");
            if (key is not null) request.Headers.TryAddWithoutValidation("token", key);
            var answer = await Answer.ReadAsync(await domain.App.Client.SendAsync(request));
            Assert.Equal((HttpStatusCode.Unauthorized, 401), (answer.Status, answer.Json.GetProperty("code").GetInt32()));
        }
    }

    [Fact]
    public async Task PageOfOneUserAndRange_ReadsTheRowsItReturnsAndNoOther()
    {
        var domain = app.NewDomain();
        await Parallel.ForAsync(0, 600, async (i, _) => await AddAsync(domain, i % 3 == 0 ? "101" : "102", Noon.AddMinutes(-i), talked: true));
        var store = app.Services.GetRequiredService<ICallStore>();
        var query = new CallQuery(domain.Name, 100, From: Noon.AddMinutes(-500), To: Noon.AddMinutes(-10)) { Users = ["101"], EndedOnly = true };

        CallPage page = null!;
        var rows = await app.Storage.RowsOfAsync(async () => page = await store.ListAsync(query, CancellationToken.None));
        Assert.Equal((100, 100), (page.Calls.Count, rows));
        Assert.Equal(1, await app.Storage.OfAsync(() => store.ListAsync(query, CancellationToken.None)));
        Assert.Equal(1, await app.Storage.OfAsync(() => store.ListAsync(query with { After = page.Next }, CancellationToken.None)));
    }

    [Theory]
    [InlineData("json")]
    [InlineData("form")]
    [InlineData("multipart")]
    public async Task CallToNumber_TakesAllThreeForms(string form)
    {
        var domain = app.NewDomain();
        var fields = new Dictionary<string, string> { ["user_number"] = "101", ["number_to_call"] = "+61 (4) 1234-5678", ["caller_id"] = "61299999999" };
        HttpContent content = form switch
        {
            "json" => JsonContent.Create(fields),
            "form" => new FormUrlEncodedContent(fields),
            _ => Multipart(fields),
        };

        var answer = await CallAsync(domain, content);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        var json = answer.Json;
        Assert.Equal(("success", 200, "success"), (json.GetProperty("status").GetString(), json.GetProperty("code").GetInt32(), json.GetProperty("message").GetProperty("status").GetString()));
        var data = json.GetProperty("data");
        Assert.Equal(
            ("101", "+61299999999", "+61412345678"),
            (data.GetProperty("user_number").GetString(), data.GetProperty("caller_id").GetString(), data.GetProperty("dest_number").GetString()));
        Assert.Equal(data.GetProperty("unique_call_id").GetString(), Assert.Single(app.Worker.Commands.Snapshot(), c => c.Command.Domain == domain.Name).Id.Value);
    }

    [Fact]
    public async Task CallToNumber_RefusesWhatItCannotCallAndRepeatsNothingUnderOneKey()
    {
        var domain = app.NewDomain();
        async Task<(int, string?, string?)> Refused(object body)
        {
            var answer = await CallAsync(domain, body as HttpContent ?? JsonContent.Create(body));
            return ((int)answer.Status, answer.Json.GetProperty("reason").GetString(), answer.Json.GetProperty("field").GetString());
        }

        Assert.Equal((400, "field-missing", "user_number"), await Refused(new { number_to_call = "+61412345678" }));
        Assert.Equal((400, "field-missing", "number_to_call"), await Refused(new { user_number = "101" }));
        Assert.Equal((400, "destination-invalid", "number_to_call"), await Refused(new { user_number = "101", number_to_call = "sip:evil@x" }));
        Assert.Equal((400, "field-invalid", "user_number"), await Refused(new { user_number = "1 0 1", number_to_call = "+61412345678" }));
        Assert.Equal((404, "user-unknown", "user"), await Refused(new { user_number = "999", number_to_call = "+61412345678" }));
        Assert.Equal((400, "field-wrong-type", "user_number"), await Refused(new { user_number = new[] { "101" }, number_to_call = "+61412345678" }));
        Assert.Equal((415, "unsupported-media-type", null), await Refused(new StringContent("x")));
        Assert.Equal((413, "body-too-large", null), await Refused(new FormUrlEncodedContent([KeyValuePair.Create("x", new string('y', 70_000))])));
        Assert.Equal(0, domain.CommandsAtWorker);

        for (var i = 0; i < 2; i++)
            await CallAsync(domain, JsonContent.Create(new { user_number = 101, number_to_call = "61412345678" }), "one-key");
        Assert.Equal(1, domain.CommandsAtWorker);
    }

    private static MultipartFormDataContent Multipart(Dictionary<string, string> fields)
    {
        var content = new MultipartFormDataContent();
        foreach (var (name, value) in fields) content.Add(new StringContent(value), name);
        return content;
    }

    private static string Picked(JsonElement row) => JsonSerializer.Serialize(
        new[] { "unique_call_id", "type", "user_number", "call_start_at", "connected_at", "call_duration", "conversation_duration" }.Select(n => row.GetProperty(n)));

    private static Task<Answer> AskAsync(TestDomain domain, string path) =>
        domain.SendAsync(HttpMethod.Get, $"/api/integration/v2/{path}", with: r => UseToken(r, domain));

    private static Task<Answer> CallAsync(TestDomain domain, HttpContent content, string? key = null) =>
        domain.SendAsync(HttpMethod.Post, "/api/integration/v2/call-to-number", content, with: r =>
        {
            UseToken(r, domain);
            if (key is not null) r.Headers.Add("Idempotency-Key", key);
        });

    private static void UseToken(HttpRequestMessage request, TestDomain domain)
    {
        request.Headers.Remove("X-Api-Key");
        request.Headers.Add("token", domain.Key);
    }

    private Task AddAsync(TestDomain domain, string list, string name, DateTimeOffset at, string id)
    {
        if (list == "get-user-calls") return AddAsync(domain, name, at, talked: true, unique: id);
        var type = list == "get-queue-calls" ? PbxEventType.QueueCall : PbxEventType.RingGroupCall;
        var told = new PbxEvent(type, UniqueCallId: id, QueueName: name, RingGroupName: name, CallStartAt: at);
        return app.Services.GetRequiredService<IPbxItemStore>().TryAddAsync(PbxItem.Of(told, domain.Name, default, at), CancellationToken.None);
    }

    private async Task AddAsync(
        TestDomain domain, string user, DateTimeOffset at, bool talked, string? unique = null, CallDirection direction = CallDirection.Outbound)
    {
        var id = CallIds.New(at, new ClickToDial.App.Hosting.CryptoRandom());
        Assert.True(await app.Services.GetRequiredService<ICallStore>().TryAddAsync(
            new CallRecord
            {
                CallId = id,
                Domain = domain.Name,
                Direction = direction,
                User = user,
                Destination = "+61400000000",
                State = CallState.Ended,
                StartedAt = at,
                ConnectedAt = talked ? at.AddSeconds(5) : null,
                EndedAt = at.AddSeconds(talked ? 65 : 20),
                Outcome = new CallOutcome(talked ? CallResult.Answered : CallResult.NoAnswer, CallReasons.UserHungUp),
                Pbx = unique is null ? null : new PbxCallDetails(unique),
            },
            CancellationToken.None));
    }
}
