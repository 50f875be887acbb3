using System.Text.Json;
using ClickToDial.App.Tests.Support;
using static ClickToDial.App.Tests.OpenApi.ApiDocument;

namespace ClickToDial.App.Tests.OpenApi;

/// <summary>The description of the API is true of every operation.</summary>
public sealed class OperationTests(AppRig app)
{
    public static TheoryData<string> Operations() => [.. Each().Select(o => o.Id)];

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task EveryOperation_AnswersGoodAndBadInputAsDescribed(string id)
    {
        Assert.True(OperationDrives.All.TryGetValue(id, out var drives), $"{id} is not driven: add a good and a bad request for it to {nameof(OperationDrives)}.");
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
}
