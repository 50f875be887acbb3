using System.Net;
using System.Text.Json;
using ClickToDial.App.OpenApi;
using ClickToDial.App.Tests.Support;

namespace ClickToDial.App.Tests.OpenApi;

/// <summary>The description of the API: it is well formed, whole, and true of every operation.</summary>
public sealed class OpenApiTests(AppRig app)
{
    private static readonly JsonElement Document = JsonElement.Parse(OpenApiDocument.Json);

    /// <summary>For each operation a good request and a bad one, with the statuses they are answered with.</summary>
    private static readonly Dictionary<string, (Drive Good, Drive Bad)> Drives = new(StringComparer.Ordinal)
    {
        ["CreateSession"] = (new("/api/sessions", 201, """{"user":"101"}"""), new("/api/sessions", 404, """{"user":"999"}""")),
        ["GetJsonWebKeySet"] = (new("/.well-known/jwks.json", 200), new("/.well-known/jwks.txt", 404)),
        ["OriginateCall"] = (new("/api/calls", 202, """{"user":"101","destination":"echo"}"""), new("/api/calls", 400, """{"user":"101"}""")),
        ["ListCalls"] = (new("/api/calls?limit=5&fromDate=2026-01-01", 200), new("/api/calls?limit=0", 400)),
        ["GetCall"] = (new("/api/calls/{call}", 200), new("/api/calls/nothing", 404)),
        ["GetCallEvents"] = (new("/api/calls/{call}/events", 200), new("/api/calls/nothing/events", 404)),
        // Held calls are held end to end.
        ["HoldCall"] = (new("/api/calls/nothing/hold", 404), new("/api/calls/nothing/hold", 404)),
        ["ResumeCall"] = (new("/api/calls/nothing/resume", 404), new("/api/calls/nothing/resume", 404)),
        ["HangUpCall"] = (new("/api/calls/{call}", 204), new("/api/calls/nothing", 404)),
        ["GetHealth"] = (new("/healthz", 200), new("/healthz/x", 404)),
        ["IngestPbxEvent"] = (new("/webhooks/pbx", 202, """{"type":"queue_call"}"""), new("/webhooks/pbx", 400, "[]")),
        ["IngestPbxEventOfSource"] = (new("/webhooks/pbx/acme", 202, """{"type":"queue_call","unique_call_id":"o1"}"""), new("/webhooks/pbx/nobody", 401, "{}")),
        ["IngestPbxEventOfTrigger"] = (new("/webhooks/pbx/acme/voicemail", 202, """{"unique_call_id":"o2"}"""), new("/webhooks/pbx/acme/voicemail", 400, "1")),
        ["ListPoison"] = (new("/api/webhooks/poison", 200), new("/api/webhooks/poison?cursor=x", 400)),
        ["ReplayPoison"] = (new("/api/webhooks/poison/{poison}/replay", 202), new("/api/webhooks/poison/nothing/replay", 404)),
        ["CreateWebhook"] = (new("/api/webhooks", 201, """{"url":"http://127.0.0.1:9/"}"""), new("/api/webhooks", 400, """{"url":"http://10.0.0.1/"}""")),
        ["ListWebhooks"] = (new("/api/webhooks", 200), new("/api/webhooks", 404) { Method = "PUT" }),
        ["GetWebhook"] = (new("/api/webhooks/{webhook}", 200), new("/api/webhooks/nothing", 404)),
        ["ChangeWebhook"] = (new("/api/webhooks/{webhook}", 200, """{"enabled":false}"""), new("/api/webhooks/{webhook}", 400, """{"style":"x"}""")),
        ["DeleteWebhook"] = (new("/api/webhooks/{webhook}", 204), new("/api/webhooks/nothing", 404)),
        ["TestWebhook"] = (new("/api/webhooks/{webhook}/test", 200, "{}"), new("/api/webhooks/{webhook}/test", 400, """{"trigger":"x"}""")),
        ["ListWebhookSamples"] = (new("/api/webhooks/samples", 200), new("/api/webhooks/samples/x", 404)),
        ["ListDeliveries"] = (new("/api/webhooks/{webhook}/deliveries?status=dead", 200), new("/api/webhooks/{webhook}/deliveries?status=x", 400)),
        // One delivery is replayed in a test of its own.
        ["ReplayDelivery"] = (new("/api/webhooks/{webhook}/deliveries/nothing/replay", 404), new("/api/webhooks/nothing/deliveries/nothing/replay", 404)),
        ["ReplayDeliveries"] = (new("/api/webhooks/{webhook}/replay", 200, """{"failed":true}"""), new("/api/webhooks/{webhook}/replay", 400, "{}")),
        ["CreateKey"] = (new("/api/keys", 201, """{"name":"n","scopes":["calls:read"]}"""), new("/api/keys", 400, "{}")),
        ["PostSystemSession"] = (new("/rest/system/session", 400, "{}"), new("/rest/system/session", 401, """{"name":"session","value":"x"}""")),
        ["GetPbxLogin"] = (new("/rest/pbxlogin", 401), new("/rest/pbxlogin?session=x", 401)),
        ["CreateLink"] = (new("/api/links", 201, """{"user":"101","destination":"echo"}"""), new("/api/links", 404, """{"user":"999","destination":"echo"}""")),
        ["OpenLink"] = (new("/dial", 400), new("/dial?t=a.b", 400)),
        ["UseLink"] = (new("/dial", 400, "t=a.b"), new("/dial", 400, "")),
        ["OpenRemoteCall"] = (new("/remote_call.htm?user=101%40d1.test&dest=echo", 401), new("/remote_call.htm", 400)),
        ["ListGuardEvents"] = (new("/api/guard/events", 200), new("/api/guard/events", 404) { Method = "PUT" }),
        ["ListKeys"] = (new("/api/keys", 200), new("/api/keys", 404) { Method = "PUT" }),
        ["DeleteKey"] = (new("/api/keys/{key}", 204), new("/api/keys/nothing", 404)),
        ["GetUserCalls"] = (new("/api/integration/v2/get-user-calls", 200), new("/api/integration/v2/get-user-calls?limit=x", 400)),
        ["GetQueueCalls"] = (new("/api/integration/v2/get-queue-calls", 200), new("/api/integration/v2/get-queue-calls?offset=x", 400)),
        ["GetRingGroupCalls"] = (new("/api/integration/v2/get-ringgroup-calls", 200), new("/api/integration/v2/get-ringgroup-calls?from_date=x", 400)),
        ["CallToNumber"] = (new("/api/integration/v2/call-to-number", 200, """{"user_number":"102","number_to_call":"+61412345678"}"""), new("/api/integration/v2/call-to-number", 400, "{}")),
        ["ListQueueCalls"] = (new("/api/queue-calls?queue=Sales", 200), new("/api/queue-calls?from=x", 400)),
        ["ListRingGroupCalls"] = (new("/api/ring-group-calls?format=csv", 200), new("/api/ring-group-calls?toDate=x", 400)),
        ["ListPbxRecordings"] = (new("/api/pbx/recordings", 200), new("/api/pbx/recordings?cursor=x", 400)),
        ["ListPbxVoicemails"] = (new("/api/pbx/voicemails", 200), new("/api/pbx/voicemails?limit=201", 400)),
        ["ListPbxComponents"] = (new("/api/pbx/components", 200), new("/api/pbx/components?offset=20001", 400)),
        ["ListPbxUnknown"] = (new("/api/pbx/unknown?offset=3", 200), new("/api/pbx/unknown?limit=x", 400)),
        ["ListCallRecordings"] = (new("/api/calls/{call}/recordings", 200), new("/api/calls/nothing/recordings", 404)),
        // Recordings are made and fetched in tests of their own.
        ["GetRecording"] = (new("/api/recordings/nothing", 404), new("/api/recordings/nothing", 404)),
        // Chains are driven in tests of their own.
        ["ListButtons"] = (new("/api/buttons", 200), new("/api/buttons", 404) { Method = "PUT" }),
        ["CreateButton"] = (new("/api/buttons", 201, """{"label":"b","fn":"next"}"""), new("/api/buttons", 400, "{}")),
        ["ReadButton"] = (new("/api/buttons/{button}", 200), new("/api/buttons/nothing", 404)),
        ["ReplaceButton"] = (new("/api/buttons/{button}", 200, """{"label":"b","fn":"next","version":1}"""), new("/api/buttons/{button}", 428, """{"label":"b","fn":"next"}""")),
        ["DeleteButton"] = (new("/api/buttons/{button}", 204), new("/api/buttons/nothing", 404)),
        ["ListButtonVersions"] = (new("/api/buttons/{button}/versions", 200), new("/api/buttons/nothing/versions", 404)),
        ["ListForms"] = (new("/api/forms", 200), new("/api/forms", 404) { Method = "PUT" }),
        ["CreateForm"] = (new("/api/forms", 201, """{"name":"f","formSchema":[]}"""), new("/api/forms", 400, "{}")),
        ["ReadForm"] = (new("/api/forms/{form}", 200), new("/api/forms/nothing", 404)),
        ["ReplaceForm"] = (new("/api/forms/{form}", 200, """{"name":"g","formSchema":[],"version":1}"""), new("/api/forms/{form}", 412, """{"name":"g","formSchema":[],"version":9}""")),
        ["DeleteForm"] = (new("/api/forms/{form}", 204), new("/api/forms/nothing", 404)),
        ["ListFormVersions"] = (new("/api/forms/{form}/versions", 200), new("/api/forms/nothing/versions", 404)),
        ["GetFormSchema"] = (new("/api/forms/{form}/schema", 200), new("/api/forms/nothing/schema", 404)),
        ["ListScripts"] = (new("/api/scripts", 200), new("/api/scripts", 404) { Method = "PUT" }),
        ["CreateScript"] = (new("/api/scripts", 201, """{"name":"s","source":"function main() {}"}"""), new("/api/scripts", 400, "{}")),
        ["ReadScript"] = (new("/api/scripts/{script}", 200), new("/api/scripts/nothing", 404)),
        ["ReplaceScript"] = (new("/api/scripts/{script}", 200, """{"name":"s","source":"function main() {}","version":1}"""), new("/api/scripts/nothing", 404, """{"name":"s","source":"","version":1}""")),
        ["DeleteScript"] = (new("/api/scripts/{script}", 204), new("/api/scripts/nothing", 404)),
        ["ListScriptVersions"] = (new("/api/scripts/{script}/versions", 200), new("/api/scripts/nothing/versions", 404)),
        ["CheckScript"] = (new("/api/scripts/validate", 200, """{"source":"function main() {}"}"""), new("/api/scripts/validate", 400, "{}")),
        ["SetScriptSecret"] = (new("/api/script-secrets/s", 204, """{"value":"v"}"""), new("/api/script-secrets/s", 400, "{}")),
        ["DeleteScriptSecret"] = (new("/api/script-secrets/{secret}", 204), new("/api/script-secrets/nothing", 404)),
        ["AddCampaignEntries"] = (new("/api/campaign/entries", 204, """{"entries":[{"alt_phone":"+49301"}]}"""), new("/api/campaign/entries", 400, """{"entries":[]}""")),
        ["GetSoftphoneButton"] = (new("/api/softphone/button/{button}", 200), new("/api/softphone/button/nothing", 404)),
        ["ListSoftphoneButtons"] = (new("/api/softphone/buttons?placement=agent", 200), new("/api/softphone/buttons", 404) { Method = "PUT" }),
        ["PressButton"] = (new("/api/softphone/button/{button}", 200, """{"user":"101"}"""), new("/api/softphone/button/nothing", 404, """{"user":"101"}""")),
        ["GetSoftphoneForm"] = (new("/api/softphone/form/{form}", 200), new("/api/softphone/form/nothing", 404)),
        ["SubmitForm"] = (new("/api/softphone/form/nothing", 404, """{"user":"101","data":{}}"""), new("/api/softphone/form/{form}", 409, """{"user":"101","data":{}}""")),
        ["GetScriptSettings"] = (new("/api/script-settings", 200), new("/api/script-settings", 404) { Method = "POST" }),
        ["SetScriptSettings"] = (new("/api/script-settings", 200, """{"fetchHosts":["*.example.com"]}"""), new("/api/script-settings", 400, """{"fetchHosts":["*"]}""")),
        ["GetChainConsole"] = (new("/api/chains/{chain}/console", 200), new("/api/chains/nothing/console", 404)),
        ["GetChain"] = (new("/api/chains/{chain}", 200), new("/api/chains/nothing", 404)),
        ["EndChainNow"] = (new("/api/chains/{chain}", 204), new("/api/chains/nothing", 404)),
        ["AcknowledgeAction"] = (new("/api/chains/{chain}/ack", 200, """{"action":1,"result":"ok"}"""), new("/api/chains/{chain}/ack", 400, """{"action":1}""")),
        ["CallsUnderWay"] = (new("/api/calls/live", 200), new("/api/calls/live?user=a%20b", 400)),
        ["FollowCalls"] = (new("/api/calls/watch?user=a%20b", 400), new("/api/calls/watch?user=a%20b", 400)),
        ["FollowChain"] = (new("/api/chains/nothing/events", 404), new("/api/chains/nothing/events", 404)),
        ["GetOpenApi"] = (new("/openapi.json", 200), new("/openapi.json/x", 404)),
        ["GetDocs"] = (new("/docs", 200), new("/docs/x", 404)),
    };

    public static TheoryData<string> Operations() => [.. Each().Select(o => o.Id)];

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task EveryOperation_AnswersGoodAndBadInputAsDescribed(string id)
    {
        Assert.True(Drives.TryGetValue(id, out var drives), $"{id} is not driven: add a good and a bad request for it to {nameof(Drives)}.");
        var operation = Each().Single(o => o.Id == id);
        var domain = app.NewDomain();
        foreach (var (drive, isGood) in new[] { (drives.Good, true), (drives.Bad, false) })
        {
            var answer = await SendAsync(domain, operation, drive);

            Assert.Equal(drive.Status, (int)answer.Status);
            if (isGood || !drive.IsElsewhere)
                Assert.Contains(drive.Status.ToString(), operation.Json.GetProperty("responses").EnumerateObject().Select(r => r.Name));
            if (isGood && answer.ContentType == "application/json" && operation.Json.GetProperty("responses").GetProperty(drive.Status.ToString()).TryGetProperty("content", out var content))
                Fits(answer.Json, content.GetProperty("application/json").GetProperty("schema"));
        }
    }

    [Fact]
    public void Document_IsWellFormed()
    {
        Assert.Equal("3.1.0", Document.GetProperty("openapi").GetString());
        var ids = Each().Select(o => o.Id).ToList();
        Assert.Equal(ids.Distinct().Count(), ids.Count);
        var tags = Document.GetProperty("tags").EnumerateArray().Select(t => t.GetProperty("name").GetString()).ToHashSet();
        foreach (var (id, path, _, json) in Each())
        {
            Assert.NotEmpty(json.GetProperty("summary").GetString()!);
            Assert.All(json.GetProperty("tags").EnumerateArray(), t => Assert.Contains(t.GetString(), tags));
            var parameters = json.TryGetProperty("parameters", out var list) ? list.EnumerateArray().ToList() : [];
            Assert.Equal(
                System.Text.RegularExpressions.Regex.Matches(path, "{([a-zA-Z]+)}").Select(m => m.Groups[1].Value).Order(),
                parameters.Where(p => p.GetProperty("in").GetString() == "path").Select(p => p.GetProperty("name").GetString()!).Order());
            Assert.Equal(parameters.Count, parameters.Select(p => (p.GetProperty("in").GetString(), p.GetProperty("name").GetString())).Distinct().Count());
            Assert.Contains(json.GetProperty("responses").EnumerateObject(), r => r.Name[0] == '2');
            Assert.All(json.GetProperty("responses").EnumerateObject(), r => Assert.NotEmpty(r.Value.GetProperty("description").GetString()!));
            Assert.DoesNotContain("{", id);
        }
    }

    [Fact]
    public void EveryAnswerWithABody_IsDescribed() => Assert.All(Each(), operation =>
    {
        var success = operation.Json.GetProperty("responses").EnumerateObject().Single(r => r.Name[0] == '2');
        Assert.True(success.Name is "202" or "204" || success.Value.TryGetProperty("content", out _), $"What {operation.Id} answers is not described.");
    });

    [Fact]
    public void EveryReference_IsToSomethingThatIsThere()
    {
        var references = References(Document).ToList();
        Assert.NotEmpty(references);
        Assert.All(references, r => Assert.NotNull(Resolve(r)));
        var schemes = Document.GetProperty("components").GetProperty("securitySchemes").EnumerateObject().Select(s => s.Name).ToHashSet();
        Assert.All(Each().SelectMany(o => o.Json.GetProperty("security").EnumerateArray()).SelectMany(s => s.EnumerateObject()), s => Assert.Contains(s.Name, schemes));
    }

    [Fact]
    public async Task Page_ShowsEveryOperationAndFetchesNothing()
    {
        AzuriteSkip();
        using var response = await app.Client.GetAsync("/docs");
        var page = await response.Content.ReadAsStringAsync();

        Assert.All(Each(), o => Assert.Contains(WebUtility.HtmlEncode(o.Path), page));
        Assert.DoesNotContain("<script", page);
        Assert.DoesNotContain("http://", page);
        Assert.DoesNotContain("https://", page);
        Assert.StartsWith("default-src 'none'", string.Join(";", response.Headers.GetValues("Content-Security-Policy")));
    }

    private void AzuriteSkip() => Assert.NotNull(app.NewDomain());

    private async Task<Answer> SendAsync(TestDomain domain, Described operation, Drive drive)
    {
        var path = drive.Path;
        if (path.Contains("{call}", StringComparison.Ordinal)) path = path.Replace("{call}", (await domain.PlaceAsync()).Value);
        if (path.Contains("{key}", StringComparison.Ordinal))
            path = path.Replace("{key}", (await domain.AdminAsync(HttpMethod.Post, "/api/keys", new { name = "k", scopes = new[] { "admin" } })).Json.GetProperty("id").GetString());
        if (path.Contains("{webhook}", StringComparison.Ordinal))
            path = path.Replace("{webhook}", (await domain.AdminAsync(HttpMethod.Post, "/api/webhooks", new { url = "http://127.0.0.1:9/" }, domain.FewKey)).Json.GetProperty("id").GetString());
        path = await BuiltAsync(domain, path);
        if (path.Contains("{poison}", StringComparison.Ordinal)) path = path.Replace("{poison}", await PoisonAsync(domain));
        return await domain.SendAsync(new HttpMethod(drive.Method ?? operation.Method.ToUpperInvariant()), path, drive.Body, with: r =>
        {
            r.Headers.Remove("X-Api-Key");
            var admin = Administered.Any(start => path.StartsWith(start, StringComparison.Ordinal)) || path.EndsWith("/console", StringComparison.Ordinal);
            if (path.StartsWith("/api/integration", StringComparison.Ordinal)) r.Headers.Add("token", domain.Key);
            else if (path.StartsWith("/api/", StringComparison.Ordinal)) r.Headers.Add("X-Api-Key", path.StartsWith("/api/webhooks", StringComparison.Ordinal) && !path.Contains("poison", StringComparison.Ordinal) ? domain.FewKey : admin ? domain.AdminKey : domain.Key);
            if (path.StartsWith("/webhooks", StringComparison.Ordinal)) r.Headers.Add("X-Pbx-Token", path.Contains("acme", StringComparison.Ordinal) ? AppRig.AcmeToken : AppRig.PbxToken);
            if (operation.Id == "OriginateCall") r.Headers.Add("Idempotency-Key", TestDomain.NewKey());
        });
    }

    private static readonly string[] Administered =
        ["/api/keys", "/api/guard", "/api/webhooks", "/api/buttons", "/api/forms", "/api/scripts", "/api/script-secrets", "/api/script-settings", "/api/campaign"];

    private static async Task<string> BuiltAsync(TestDomain domain, string path)
    {
        async Task<string> MakeAsync(string kind, object body) => (await domain.AdminAsync(HttpMethod.Post, kind, body)).Json.GetProperty("id").GetString()!;
        Task<string> ButtonAsync() => MakeAsync("/api/buttons", new { label = "b", fn = "toggleMic" });
        if (path.Contains("{button}", StringComparison.Ordinal)) return path.Replace("{button}", await ButtonAsync());
        if (path.Contains("{form}", StringComparison.Ordinal)) return path.Replace("{form}", await MakeAsync("/api/forms", new { name = "f" + TestDomain.NewKey(), formSchema = Array.Empty<object>() }));
        if (path.Contains("{script}", StringComparison.Ordinal)) return path.Replace("{script}", await MakeAsync("/api/scripts", new { name = "s", source = "function main() {}" }));
        if (path.Contains("{secret}", StringComparison.Ordinal))
        {
            await domain.AdminAsync(HttpMethod.Put, "/api/script-secrets/x", new { value = "v" });
            return path.Replace("{secret}", "x");
        }
        if (!path.Contains("{chain}", StringComparison.Ordinal)) return path;
        // Two agents: the good request and the bad one have a chain each.
        var user = path.EndsWith("}/ack", StringComparison.Ordinal) ? $"10{1 + (Interlocked.Increment(ref _agents) % 3)}" : "101";
        var pressed = await domain.SendAsync(HttpMethod.Post, $"/api/softphone/button/{await ButtonAsync()}", new { user });
        return path.Replace("{chain}", pressed.Json.GetProperty("__").GetProperty("chain").GetProperty("id").GetString());
    }

    private static int _agents;

    private async Task<string> PoisonAsync(TestDomain domain)
    {
        await domain.PostPbxAsync(new { type = "queue_call", domain = domain.Name, call_start_at = "2001-01-01T00:00:00Z" });
        var listed = await app.UntilAsync(
            async () => (await domain.AdminAsync(HttpMethod.Get, "/api/webhooks/poison")) is var a && a.Json.GetProperty("events").GetArrayLength() > 0 ? a : null,
            "it is set aside");
        return listed.Json.GetProperty("events")[0].GetProperty("id").GetString()!;
    }

    /// <summary>Every member that is there is described, and has one of the types said.</summary>
    private static void Fits(JsonElement value, JsonElement schema)
    {
        // Anything goes where the schema is "true".
        if (schema.ValueKind != JsonValueKind.Object) return;
        if (schema.TryGetProperty("$ref", out var reference)) schema = Resolve(reference.GetString()!)!.Value;
        if (schema.ValueKind != JsonValueKind.Object) return;
        if (schema.TryGetProperty("type", out var type))
        {
            var types = type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(t => t.GetString()).ToList() : [type.GetString()];
            Assert.True(types.Contains(KindOf(value)) || (KindOf(value) == "integer" && types.Contains("number")), $"{value} is none of {string.Join(", ", types)}.");
        }

        if (value.ValueKind == JsonValueKind.Array && schema.TryGetProperty("items", out var items))
            foreach (var item in value.EnumerateArray()) Fits(item, items);
        if (value.ValueKind != JsonValueKind.Object || !schema.TryGetProperty("properties", out var properties)) return;
        foreach (var member in value.EnumerateObject())
        {
            Assert.True(properties.TryGetProperty(member.Name, out var described), $"{member.Name} is not described.");
            Fits(member.Value, described);
        }
    }

    private static string KindOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => value.TryGetInt64(out _) ? "integer" : "number",
        JsonValueKind.Null => "null",
        _ => "boolean",
    };

    private static JsonElement? Resolve(string reference)
    {
        JsonElement? found = Document;
        foreach (var part in reference.Split('/').Skip(1))
            found = found?.TryGetProperty(part, out var next) == true ? next : null;
        return found;
    }

    private static IEnumerable<string> References(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(p => p.Name == "$ref" ? [p.Value.GetString()!] : References(p.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(References),
        _ => [],
    };

    private static IEnumerable<Described> Each() =>
        from path in Document.GetProperty("paths").EnumerateObject()
        from method in path.Value.EnumerateObject()
        select new Described(method.Value.GetProperty("operationId").GetString()!, path.Name, method.Name, method.Value);

    private sealed record Described(string Id, string Path, string Method, JsonElement Json);

    private sealed record Drive(string Path, int Status, string? Body = null)
    {
        /// <summary>Null for the operation's own.</summary>
        public string? Method { get; init; }

        /// <summary>No such path or method is described: the host answers.</summary>
        public bool IsElsewhere => Method is not null || Path.EndsWith("/x", StringComparison.Ordinal) || Path.EndsWith(".txt", StringComparison.Ordinal);
    }
}
