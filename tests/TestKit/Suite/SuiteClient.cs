using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using ClickToDial.Contracts.Calls;

namespace ClickToDial.TestKit.Suite;

/// <summary>An answer of the API: status, headers and body as they came.</summary>
public sealed record ApiAnswer(int Status, JsonNode? Body, Uri? Location, string? ContentType, string? RetryAfter)
{
    /// <summary>The stable reason slug of a refusal.</summary>
    public string? Reason => Body?["reason"]?.GetValue<string>();

    /// <summary>The call that the answer is about.</summary>
    public CallId CallId => CallId.Parse(Text("id"));

    public string Text(string member) => Body?[member]?.GetValue<string>() ?? throw new InvalidOperationException($"No {member} in {this}.");
}

/// <summary>A client of the product's HTTP API that knows nothing of its types.</summary>
public sealed class SuiteClient(Uri functions, string apiKey) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = functions, Timeout = TimeSpan.FromSeconds(30) };

    public string ApiKey => apiKey;

    /// <summary>Asks for a session token.</summary>
    public Task<ApiAnswer> CreateSessionAsync(JsonObject body) => SendAsync(HttpMethod.Post, "/api/sessions", body, key: apiKey);

    /// <summary>A session token for one call of that user.</summary>
    public async Task<string> TokenAsync(string user)
    {
        var answer = await CreateSessionAsync(new JsonObject { ["user"] = user });
        return answer.Status is 200 or 201 ? answer.Text("token") : throw new InvalidOperationException($"No session token: {answer}");
    }

    /// <summary>Places a call with a session token, or with the API key when there is none.</summary>
    public Task<ApiAnswer> PlaceCallAsync(JsonObject body, string? token = null, string? idempotencyKey = null) =>
        SendAsync(HttpMethod.Post, "/api/calls", body, token, token is null ? apiKey : null, idempotencyKey ?? Guid.NewGuid().ToString("N"));

    /// <summary>Places a call that is expected to be taken on.</summary>
    public async Task<CallId> ClickAsync(string user, string destination, bool prompt = false, int ringSeconds = 30)
    {
        var answer = await PlaceCallAsync(new JsonObject
        {
            ["user"] = user,
            ["destination"] = destination,
            ["prompt"] = prompt,
            ["ringTimeoutSeconds"] = ringSeconds,
        });
        return answer.Status == (int)HttpStatusCode.Accepted
            ? answer.CallId
            : throw new InvalidOperationException($"The call was not taken on: {answer}");
    }

    public Task<ApiAnswer> GetCallAsync(CallId call) => SendAsync(HttpMethod.Get, $"/api/calls/{call}", key: apiKey);

    public Task<ApiAnswer> GetEventsAsync(CallId call) => SendAsync(HttpMethod.Get, $"/api/calls/{call}/events", key: apiKey);

    public Task<ApiAnswer> HangUpAsync(CallId call) => SendAsync(HttpMethod.Delete, $"/api/calls/{call}", key: apiKey);

    public async Task<ApiAnswer> SendAsync(
        HttpMethod method, string path, JsonNode? body = null, string? token = null, string? key = null, string? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        if (token is not null) request.Headers.Add("Authorization", $"Bearer {token}");
        if (key is not null) request.Headers.Add("X-Api-Key", key);
        if (idempotencyKey is not null) request.Headers.Add("Idempotency-Key", idempotencyKey);
        return await SendAsync(request);
    }

    public async Task<ApiAnswer> SendAsync(HttpRequestMessage request)
    {
        using var response = await _http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        var type = response.Content.Headers.ContentType?.MediaType;
        var isJson = type is not null && type.EndsWith("json", StringComparison.Ordinal) && text.Length > 0;
        return new ApiAnswer(
            (int)response.StatusCode, isJson ? JsonNode.Parse(text) : null, response.Headers.Location, type, response.Headers.RetryAfter?.ToString());
    }

    public void Dispose() => _http.Dispose();
}
