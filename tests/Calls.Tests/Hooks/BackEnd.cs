using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ClickToDial.Calls.Tests.Hooks;

/// <summary>
/// A back end as people write them for Web Call Server: it echoes what it is asked, changed where it wants, and answers 403 to refuse. What a
/// method does can be set: an answer, a status, silence, or nonsense.
/// </summary>
internal sealed class BackEnd : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Channel<Asked> _asked = Channel.CreateUnbounded<Asked>();

    private BackEnd(WebApplication app) => _app = app;

    public ConcurrentDictionary<string, Func<JsonObject, HttpContext, Task>> On { get; } = new();

    public Uri Url => new(_app.Urls.First() + "/app/hooks?key=1");

    public static async Task<BackEnd> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var backEnd = new BackEnd(builder.Build());
        backEnd._app.MapPost("/app/hooks/{method}", backEnd.AnswerAsync);
        backEnd._app.MapPost("/app/internal/hooks/{method}", backEnd.AnswerAsync);
        await backEnd._app.StartAsync();
        return backEnd;
    }

    public void Refuse(string method, int status) => On[method] = (_, http) =>
    {
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    };

    public void Change(string method, Action<JsonObject> change) => On[method] = (body, http) =>
    {
        change(body);
        return http.Response.WriteAsync(body.ToJsonString());
    };

    /// <summary>The next question, in the order they came.</summary>
    public async Task<Asked> NextAsync()
    {
        using var limit = new CancellationTokenSource(Support.Patience.Limit);
        return await _asked.Reader.ReadAsync(limit.Token);
    }

    public bool WasNotAsked => !_asked.Reader.TryPeek(out _);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(string method, HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        var asked = new Asked(method, body.ToArray(), http.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase));
        _asked.Writer.TryWrite(asked);
        if (On.TryGetValue(method, out var answer)) await answer(asked.Json, http);
        else await http.Response.WriteAsync(method.EndsWith("StatusEvent", StringComparison.Ordinal) ? "{}" : Encoding.UTF8.GetString(asked.Body));
    }

    public sealed record Asked(string Method, byte[] Body, IReadOnlyDictionary<string, string> Headers)
    {
        public JsonObject Json => (JsonObject)JsonNode.Parse(Body)!;

        public string? Text(string name) => HookJsonText(Json[name]);

        private static string? HookJsonText(JsonNode? node) => node?.GetValue<string>();
    }
}
