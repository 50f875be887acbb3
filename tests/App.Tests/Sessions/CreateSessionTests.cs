using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ClickToDial.App.Tests.Support;

namespace ClickToDial.App.Tests.Sessions;

public sealed class CreateSessionTests(AppRig app)
{
    [Fact]
    public async Task Session_IsATokenThatThePublishedKeyVerifies()
    {
        var domain = app.NewDomain();

        var answer = await domain.SendAsync(HttpMethod.Post, "/api/sessions", new { user = "101", lifetimeSeconds = 60, calls = 2, destinations = new[] { "echo" } });

        Assert.Equal(HttpStatusCode.Created, answer.Status);
        Assert.Equal("Bearer", answer.Json.GetProperty("tokenType").GetString());
        var parts = answer.Json.GetProperty("token").GetString()!.Split('.');
        var claims = JsonElement.Parse(Decode(parts[1]));
        Assert.Equal(answer.Json.GetProperty("id").GetString(), claims.GetProperty("jti").GetString());
        Assert.Equal(60, claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64());
        Assert.Equal(answer.Json.GetProperty("expiresAt").GetDateTimeOffset().ToUnixTimeSeconds(), claims.GetProperty("exp").GetInt64());
        Assert.Equal((domain.Name, "101", 2), (claims.GetProperty("domain").GetString(), claims.GetProperty("sub").GetString(), claims.GetProperty("calls").GetInt32()));
        using var key = await PublishedKeyAsync(JsonElement.Parse(Decode(parts[0])).GetProperty("kid").GetString()!);
        Assert.True(key.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Decode(parts[2]), HashAlgorithmName.SHA256));
    }

    [Theory]
    [InlineData("""{"user":"999"}""", 404, "user-unknown", null)]
    [InlineData("""{"user":"101","domain":"other.test"}""", 403, "domain-not-allowed", null)]
    [InlineData("""{"user":"101","lifetimeSeconds":901}""", 400, "field-out-of-range", "lifetimeSeconds")]
    [InlineData("""{"user":"101","origin":"crm"}""", 400, "field-invalid", "origin")]
    [InlineData("""{"user":1}""", 400, "field-wrong-type", "user")]
    [InlineData("""nonsense""", 400, "invalid-json", null)]
    public async Task BadRequest_IsRefused(string body, int status, string reason, string? field) =>
        (await app.NewDomain().SendAsync(HttpMethod.Post, "/api/sessions", body)).IsProblem((HttpStatusCode)status, reason, field);

    [Fact]
    public async Task KeySet_MayBeCached()
    {
        TestKit.Azure.AzuriteFixture.SkipIfMissing();
        using var response = await app.Client.GetAsync("/.well-known/jwks.json");

        Assert.Equal("public, max-age=300", response.Headers.CacheControl?.ToString());
    }

    private async Task<ECDsa> PublishedKeyAsync(string id)
    {
        var set = await app.Client.GetFromJsonAsync<JsonElement>("/.well-known/jwks.json");
        var key = set.GetProperty("keys").EnumerateArray().Single(k => k.GetProperty("kid").GetString() == id);
        return ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = Decode(key.GetProperty("x").GetString()!), Y = Decode(key.GetProperty("y").GetString()!) },
        });
    }

    private static byte[] Decode(string text) => System.Buffers.Text.Base64Url.DecodeFromChars(text);
}
