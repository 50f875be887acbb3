using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using ClickToDial.Contracts.Calls;
using ClickToDial.EndToEnd.Suite;
using ClickToDial.TestKit.Suite;

namespace ClickToDial.EndToEnd.Access;

/// <summary>What the API refuses, each with its own reason, and nothing is dialled.</summary>
public sealed class RefusalTests(SuiteFixture fixture) : IAsyncLifetime
{
    private string _user = "";

    private ClickToDialSuite Suite => fixture.Product;

    public ValueTask InitializeAsync()
    {
        SuiteFixture.SkipIfMissing();
        _user = fixture.NextUser();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("""{"user":"USER"}""", 400, "field-missing")]
    [InlineData("""{"destination":"echo"}""", 400, "field-missing")]
    [InlineData("""{"user":"USER","destination":5}""", 400, "field-wrong-type")]
    [InlineData("""{"user":"USER","destination":"+0123"}""", 400, "destination-invalid")]
    [InlineData("""{"user":"USER","destination":"no such user"}""", 400, "destination-invalid")]
    [InlineData("""{"user":"nosuchuser","destination":"echo"}""", 404, "user-unknown")]
    [InlineData("""{"user":"USER","destination":"echo","ringTimeoutSeconds":4}""", 400, "field-out-of-range")]
    [InlineData("""{"user":"USER","destination":"echo","prompt":"yes"}""", 400, "field-wrong-type")]
    [InlineData("""{"user":"USER","destination":"echo","callerId":"\r\nVia: x"}""", 400, "field-invalid")]
    [InlineData("""{"user":"USER","destination":""", 400, "invalid-json")]
    [InlineData("""[]""", 400, "invalid-json")]
    public async Task BadBody_IsRefusedWithItsReason(string body, int status, string reason)
    {
        var answer = await PostAsync("/api/calls", body.Replace("USER", _user, StringComparison.Ordinal));

        Assert.Equal((status, reason), (answer.Status, answer.Reason));
        Assert.Equal("application/problem+json", answer.ContentType);
    }

    [Fact]
    public async Task UnknownFields_AreIgnored()
    {
        var answer = await PostAsync("/api/calls", $$"""{"user":"{{_user}}","destination":"echo","shoeSize":44}""");

        Assert.Equal(202, answer.Status);
        await Suite.EndedCallAsync(answer.CallId);
    }

    [Fact]
    public async Task BodyOver64KB_IsRefused()
    {
        var answer = await PostAsync("/api/calls", $$"""{"user":"{{_user}}","destination":"echo","x":"{{new string('x', 70_000)}}"}""");

        Assert.Equal((413, "body-too-large"), (answer.Status, answer.Reason));
    }

    [Fact]
    public async Task NoCredentials_WrongKey_Both_AreRefused()
    {
        var body = new JsonObject { ["user"] = _user, ["destination"] = "echo" };
        var token = await Suite.Api.TokenAsync(_user);
        var none = await Suite.Api.SendAsync(HttpMethod.Post, "/api/calls", body, idempotencyKey: "a");
        var wrong = await Suite.Api.SendAsync(HttpMethod.Post, "/api/calls", body, key: Suite.Api.ApiKey[..^1] + "x", idempotencyKey: "a");
        var both = await Suite.Api.SendAsync(HttpMethod.Post, "/api/calls", body, token, Suite.Api.ApiKey, "a");

        Assert.Equal((401, "credentials-missing"), (none.Status, none.Reason));
        Assert.Equal((401, "api-key-invalid"), (wrong.Status, wrong.Reason));
        Assert.Equal((400, "credentials-ambiguous"), (both.Status, both.Reason));
    }

    [Fact]
    public async Task NoIdempotencyKey_IsRefused()
    {
        var answer = await Suite.Api.SendAsync(
            HttpMethod.Post, "/api/calls", new JsonObject { ["user"] = _user, ["destination"] = "echo" }, key: Suite.Api.ApiKey);

        Assert.Equal((400, "idempotency-key-missing"), (answer.Status, answer.Reason));
    }

    [Fact]
    public async Task SpentToken_IsRefused()
    {
        var token = await Suite.Api.TokenAsync(_user);
        var body = new JsonObject { ["user"] = _user, ["destination"] = "echo" };
        var first = await Suite.Api.PlaceCallAsync(body, token);
        var second = await Suite.Api.PlaceCallAsync(body, token);

        Assert.Equal(202, first.Status);
        Assert.Equal((403, "token-spent"), (second.Status, second.Reason));
        await Suite.EndedCallAsync(first.CallId);
    }

    [Fact]
    public async Task TokenForOtherDestinationsOrUser_IsRefused()
    {
        var session = await Suite.Api.CreateSessionAsync(new JsonObject { ["user"] = _user, ["destinations"] = new JsonArray("echo") });
        var token = session.Text("token");
        var destination = await Suite.Api.PlaceCallAsync(new JsonObject { ["user"] = _user, ["destination"] = "milliwatt" }, token);
        var user = await Suite.Api.PlaceCallAsync(new JsonObject { ["user"] = "nobody", ["destination"] = "echo" }, token);

        Assert.Equal((403, "token-destination-not-covered"), (destination.Status, destination.Reason));
        Assert.Equal((403, "token-user-differs"), (user.Status, user.Reason));
    }

    [Fact]
    public async Task ForgedToken_IsRefused()
    {
        var parts = (await Suite.Api.TokenAsync(_user)).Split('.');
        var claims = JsonNode.Parse(Decode(parts[1]))!.AsObject();
        claims["exp"] = 4102444800;
        var forged = $"{parts[0]}.{Encode(claims.ToJsonString())}.{parts[2]}";
        var answer = await Suite.Api.PlaceCallAsync(new JsonObject { ["user"] = _user, ["destination"] = "echo" }, forged);

        Assert.Equal((401, "token-invalid"), (answer.Status, answer.Reason));
    }

    [Theory]
    [InlineData("/webhooks/pbx", "pbx-token-invalid")]
    [InlineData("/internal/directory", "worker-token-invalid")]
    public async Task InternalDoors_AreShutWithoutTheirToken(string path, string reason)
    {
        var method = path == "/webhooks/pbx" ? HttpMethod.Post : HttpMethod.Get;
        var answer = await Suite.Api.SendAsync(method, path, method == HttpMethod.Post ? new JsonObject() : null, key: Suite.Api.ApiKey);

        Assert.Equal((401, reason), (answer.Status, answer.Reason));
    }

    [Fact]
    public async Task UnknownCall_IsNotFound()
    {
        var answer = await Suite.Api.GetCallAsync(CallId.Parse("no-such-call"));

        Assert.Equal((404, "call-not-found"), (answer.Status, answer.Reason));
    }

    private async Task<ApiAnswer> PostAsync(string path, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
        };
        request.Headers.Add("X-Api-Key", Suite.Api.ApiKey);
        request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString("N"));
        return await Suite.Api.SendAsync(request);
    }

    private static string Decode(string part)
    {
        var text = part.Replace('-', '+').Replace('_', '/');
        return Encoding.UTF8.GetString(Convert.FromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '=')));
    }

    private static string Encode(string text) =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes(text)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
