using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using ClickToDial.TestKit.Events;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ClickToDial.TestKit.Peers;

/// <summary>A back end as people write them for Web Call Server: it echoes what it is asked, gives its rules to connect, and answers 403 to refuse.</summary>
public sealed class StockBackEnd : IAsyncDisposable
{
    private readonly WebApplication _app;

    private StockBackEnd(WebApplication app) => _app = app;

    public string Url => _app.Urls.First() + "/hooks";

    /// <summary>What it was asked, each with the method.</summary>
    public EventLog<(string Method, JsonObject Body)> Asked { get; } = new("hooks at the back end");

    /// <summary>By method, how it fails: a status, "silent", "nonsense" or "huge".</summary>
    public ConcurrentDictionary<string, string> Fails { get; } = new();

    /// <summary>Its <c>restClientConfig</c>.</summary>
    public JsonObject Rules { get; set; } = [];

    /// <summary>Changes an answer.</summary>
    public Action<string, JsonObject> Change { get; set; } = (_, _) => { };

    public static async Task<StockBackEnd> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var backEnd = new StockBackEnd(builder.Build());
        backEnd._app.MapPost("/hooks/{method}", backEnd.AnswerAsync);
        await backEnd._app.StartAsync();
        return backEnd;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(string method, HttpContext http)
    {
        var body = (JsonObject)(await JsonNode.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted))!;
        Asked.Append((method, (JsonObject)body.DeepClone()));
        if (Fails.TryGetValue(method, out var how)) await FailAsync(how, http);
        else
        {
            if (method == "connect") body["restClientConfig"] = Rules.DeepClone();
            Change(method, body);
            await http.Response.WriteAsync(body.ToJsonString());
        }
    }

    private static async Task FailAsync(string how, HttpContext http)
    {
        if (int.TryParse(how, out var status)) http.Response.StatusCode = status;
        else if (how == "nonsense") await http.Response.WriteAsync("[1, 2");
        else if (how == "huge") await http.Response.Body.WriteAsync(Encoding.ASCII.GetBytes(new string(' ', 70_000)));
        // Until the worker has had enough.
        else await Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
    }
}
