using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using ClickToDial.App.Adapters;
using ClickToDial.App.Adapters.Egress;
using ClickToDial.Core.Actions;
using ClickToDial.Core.Egress;

namespace ClickToDial.App.Actions.Scripts;

/// <summary>
/// <c>http.fetch</c>: hosts of the domain's list only, never a private network, no redirect followed, bounded in time and size. What may
/// have an effect out there is sent once: it is noted before, and its answer after; when a process dies in between, the script is told
/// that nobody knows.
/// </summary>
public sealed class ScriptFetch(EgressGuard guard, EgressRules rules, EgressOptions egress, StorageClients storage, TimeProvider time) : IDisposable
{
    /// <summary>Of an answer's body, in bytes.</summary>
    public const int MaxBody = 256 * 1024;

    /// <summary>Of an answer as JSON, in characters: what is kept of it must fit into a row.</summary>
    private const int MaxAnswer = 700_000;

    /// <summary>From the first byte that goes out to the last that comes in.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private readonly HttpMessageInvoker _http = new(guard.CreateHandler(Limit));
    private readonly FetchJournal _journal = new(storage, time);

    /// <exception cref="ScriptRequestException">It is refused, or failed.</exception>
    public async Task<JsonNode?> FetchAsync(ScriptCaller caller, JsonArray given, CancellationToken stop)
    {
        var settings = await ScriptSettings.ReadAsync(storage, caller.Domain, stop);
        var (request, reason, message) = FetchRequest.Read(given, settings.Hosts, rules, egress.AllowPlainHttp);
        if (request is null) throw new ScriptRequestException(reason, message);
        if (request.IsSafe) return Opened(await SendAsync(request, caller.Key, stop));
        if (await _journal.BeginAsync(caller, stop) is { } before) return Opened(before);
        var answer = await SendAsync(request, caller.Key, stop);
        await _journal.EndAsync(caller, answer, stop);
        return Opened(answer);
    }

    public void Dispose() => _http.Dispose();

    private static JsonNode? Opened(JsonObject answer) => answer["error"] is { } error
        ? throw new ScriptRequestException(error["reason"]!.GetValue<string>(), error["message"]!.GetValue<string>())
        : answer["value"]?.DeepClone();

    /// <returns><c>value</c>, or <c>error</c> with <c>reason</c> and <c>message</c>.</returns>
    private async Task<JsonObject> SendAsync(FetchRequest fetch, string key, CancellationToken stop)
    {
        using var deadline = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, deadline.Token);
        using var request = Message(fetch, key);
        try
        {
            using var response = await _http.SendAsync(request, either.Token);
            if (await ReadAsync(response, either.Token) is not { } body) return TooLarge();
            var value = new JsonObject { ["status"] = (int)response.StatusCode, ["headers"] = Headers(response), ["body"] = Text(response, body) };
            return value.ToJsonString().Length <= MaxAnswer ? new JsonObject { ["value"] = value } : TooLarge();
        }
        catch (Exception e) when ((e is OperationCanceledException or HttpRequestException or IOException) && !stop.IsCancellationRequested)
        {
            return e switch
            {
                OperationCanceledException => Failed("http-timeout", $"There was no whole answer within {Limit.TotalSeconds} seconds."),
                HttpRequestException { InnerException: EgressDeniedException } or EgressDeniedException => Failed("http-address-not-allowed", "The host leads to an address that is not allowed."),
                _ => Failed("http-failed", "The host could not be reached, or what it answered could not be read."),
            };
        }
    }

    private static HttpRequestMessage Message(FetchRequest fetch, string key)
    {
        var request = new HttpRequestMessage(new HttpMethod(fetch.Method), fetch.Url);
        foreach (var (name, value) in fetch.Headers) request.Headers.TryAddWithoutValidation(name, value);
        request.Headers.TryAddWithoutValidation("User-Agent", "ClickToDial-Scripts/1");
        if (!fetch.IsSafe && !request.Headers.Contains("Idempotency-Key")) request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        if (fetch.Body is null) return request;
        request.Content = new ByteArrayContent(fetch.Body);
        request.Content.Headers.TryAddWithoutValidation("Content-Type", fetch.ContentType);
        return request;
    }

    /// <summary>Null for more than <see cref="MaxBody"/>; the limit is checked as the bytes come.</summary>
    private static async Task<byte[]?> ReadAsync(HttpResponseMessage response, CancellationToken stop)
    {
        if (response.Content.Headers.ContentLength > MaxBody) return null;
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        await using var stream = await response.Content.ReadAsStreamAsync(stop);
        for (int read; (read = await stream.ReadAsync(buffer, stop)) > 0;)
        {
            if (body.Length + read > MaxBody) return null;
            body.Write(buffer, 0, read);
        }
        return body.ToArray();
    }

    private static JsonObject Headers(HttpResponseMessage response)
    {
        var headers = new JsonObject();
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers).DistinctBy(h => h.Key, StringComparer.OrdinalIgnoreCase))
            headers[name.ToLowerInvariant()] = string.Join(", ", values);
        return headers;
    }

    private static string Text(HttpResponseMessage response, byte[] body) =>
        (Charset(response.Content.Headers.ContentType) is "iso-8859-1" or "latin1" ? Encoding.Latin1 : Encoding.UTF8).GetString(body);

    private static string? Charset(MediaTypeHeaderValue? type) => type?.CharSet?.Trim('"').ToLowerInvariant();

    private static JsonObject TooLarge() => Failed("http-too-large", $"An answer has at most {MaxBody} bytes.");

    private static JsonObject Failed(string reason, string message) => new() { ["error"] = new JsonObject { ["reason"] = reason, ["message"] = message } };
}
