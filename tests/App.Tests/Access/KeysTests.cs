using System.Net;
using System.Text.Json;
using ClickToDial.App.Adapters;
using ClickToDial.App.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace ClickToDial.App.Tests.Access;

/// <summary>API keys made and taken back through the API (P1).</summary>
public sealed class KeysTests(AppRig app)
{
    [Fact]
    public async Task Key_IsShownOnceKeptAsAHashUsedAndTakenBack()
    {
        var (domain, other) = (app.NewDomain(), app.NewDomain());

        var made = await domain.AdminAsync(HttpMethod.Post, "/api/keys", new { name = "CRM", scopes = new[] { "calls:read" } });
        Assert.Equal(HttpStatusCode.Created, made.Status);
        var (id, key) = (made.Json.GetProperty("id").GetString()!, made.Json.GetProperty("key").GetString()!);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(domain, key)).Status);
        (await domain.AdminAsync(HttpMethod.Get, "/api/keys", key: key)).IsProblem(HttpStatusCode.Forbidden, "scope-missing");

        var listed = await app.UntilAsync(
            async () => (await ListedAsync(domain, id)) is { } shown && shown.Json.TryGetProperty("lastUsedAt", out _) ? shown : null, "its last use is written");
        Assert.Equal("CRM", listed.Json.GetProperty("name").GetString());
        Assert.False(listed.Json.TryGetProperty("key", out _));
        var row = (await app.Services.GetRequiredService<StorageClients>().Tables.GetTableClient(TableNames.Keys)
            .GetEntityAsync<Azure.Data.Tables.TableEntity>("all", id)).Value;
        Assert.DoesNotContain(row, p => p.Value is string text && text.Contains(key.Split('_')[2], StringComparison.Ordinal));

        Assert.Null(await ListedAsync(other, id));
        (await other.AdminAsync(HttpMethod.Delete, $"/api/keys/{id}")).IsProblem(HttpStatusCode.NotFound, "api-key-unknown");
        Assert.Equal(HttpStatusCode.NoContent, (await domain.AdminAsync(HttpMethod.Delete, $"/api/keys/{id}")).Status);
        (await AskAsync(domain, key)).IsProblem(HttpStatusCode.Unauthorized, "api-key-invalid");
        (await domain.AdminAsync(HttpMethod.Delete, $"/api/keys/{id}")).IsProblem(HttpStatusCode.NotFound, "api-key-unknown");
    }

    [Theory]
    [InlineData("203.0.113.9", true)]
    [InlineData("203.0.114.9", false)]
    [InlineData("2001:db8::5", true)]
    [InlineData("2001:db9::5", false)]
    [InlineData("203.0.113.9, 198.51.100.1", false)]
    [InlineData("198.51.100.1, 203.0.113.9", true)]
    [InlineData(null, false)]
    public async Task Key_IsGoodFromItsNetworksOnly(string? from, bool good)
    {
        var domain = app.NewDomain();
        var key = await MakeAsync(domain, new { name = "n", scopes = new[] { "calls:read" }, allowFrom = new[] { "203.0.113.0/24", "2001:db8::/32" } });

        var answer = await AskAsync(domain, key, from);

        if (good) Assert.Equal(HttpStatusCode.OK, answer.Status);
        else answer.IsProblem(HttpStatusCode.Unauthorized, "address-not-allowed");
    }

    [Fact]
    public async Task KeyThatHasExpired_IsRefused()
    {
        var domain = app.NewDomain();
        var key = await MakeAsync(domain, new { name = "n", scopes = new[] { "calls:read" }, expiresAt = app.Clock.GetUtcNow().AddSeconds(20) });
        var store = app.Services.GetRequiredService<StorageClients>().Tables.GetTableClient(TableNames.Keys);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(domain, key)).Status);

        var row = (await store.GetEntityAsync<Azure.Data.Tables.TableEntity>("all", key.Split('_')[1])).Value;
        row["ExpiresAt"] = app.Clock.GetUtcNow().AddSeconds(-1);
        await store.UpdateEntityAsync(row, row.ETag);
        // Any change of keys makes the directory be read again.
        await MakeAsync(domain, new { name = "other", scopes = new[] { "calls:read" } });

        (await AskAsync(domain, key)).IsProblem(HttpStatusCode.Unauthorized, "api-key-expired");
    }

    [Fact]
    public async Task Requests_AreCountedForEachKeyAndTheAnswerSaysHowManyAreLeft()
    {
        var domain = app.NewDomain();
        var key = await MakeAsync(domain, new { name = "n", scopes = new[] { "calls:read" }, requestsPerMinute = 2 });

        var first = await AskAsync(domain, key);
        Assert.Equal("\"key\";q=2;w=60", first.Header("RateLimit-Policy"));
        Assert.StartsWith("\"key\";r=1;t=", first.Header("RateLimit"));
        await AskAsync(domain, key);
        var third = await AskAsync(domain, key);

        third.IsProblem(HttpStatusCode.TooManyRequests, "key-rate-limited");
        Assert.InRange(int.Parse(third.Header("Retry-After")!), 1, 60);
        Assert.StartsWith("\"key\";r=0;t=", third.Header("RateLimit"));
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(domain, domain.Key)).Status);
    }

    [Theory]
    [InlineData("""{"scopes":["admin"]}""", "field-missing", "name")]
    [InlineData("""{"name":"n"}""", "field-missing", "scopes")]
    [InlineData("""{"name":"n","scopes":["everything"]}""", "field-invalid", "scopes")]
    [InlineData("""{"name":"n","scopes":["admin"],"allowFrom":["10.0.0.1/8"]}""", "field-invalid", "allowFrom")]
    [InlineData("""{"name":"n","scopes":["admin"],"expiresAt":"yesterday"}""", "field-invalid", "expiresAt")]
    [InlineData("""{"name":"n","scopes":["admin"],"expiresAt":"2001-01-01T00:00:00Z"}""", "field-out-of-range", "expiresAt")]
    [InlineData("""{"name":"n","scopes":["admin"],"requestsPerMinute":0}""", "field-out-of-range", "requestsPerMinute")]
    public async Task BadRequest_IsNamed(string body, string reason, string field) =>
        (await app.NewDomain().AdminAsync(HttpMethod.Post, "/api/keys", body)).IsProblem(HttpStatusCode.BadRequest, reason, field);

    private static async Task<string> MakeAsync(TestDomain domain, object body) =>
        (await domain.AdminAsync(HttpMethod.Post, "/api/keys", body)).Json.GetProperty("key").GetString()!;

    private static Task<Answer> AskAsync(TestDomain domain, string key, string? from = null) => domain.SendAsync(HttpMethod.Get, "/api/calls", with: r =>
    {
        r.Headers.Remove("X-Api-Key");
        r.Headers.Add("X-Api-Key", key);
        if (from is not null) r.Headers.TryAddWithoutValidation("X-Forwarded-For", from);
    });

    private static async Task<Shown?> ListedAsync(TestDomain domain, string id) =>
        (await domain.AdminAsync(HttpMethod.Get, "/api/keys")).Json.GetProperty("keys").EnumerateArray()
            .Where(k => k.GetProperty("id").GetString() == id).Select(k => new Shown(k)).FirstOrDefault();

    private sealed record Shown(JsonElement Json);
}
