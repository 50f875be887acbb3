using System.Text;
using ClickToDial.TestKit.Events;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ClickToDial.TestKit.Peers;

/// <summary>What a telemetry collector is sent (OTLP over HTTP). Bodies are protobuf, in which texts stand as they are.</summary>
public sealed class CollectorPeer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private CollectorPeer(WebApplication app) => _app = app;

    public EventLog<Export> Exports { get; } = new("exports at the collector");

    public Uri Url => new(_app.Urls.First());

    public static async Task<CollectorPeer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var peer = new CollectorPeer(app);
        app.Run(peer.TakeAsync);
        await app.StartAsync();
        return peer;
    }

    /// <summary>Waits for an export to that path with that text in it.</summary>
    public Task<Export> GetsAsync(string path, string text) =>
        Exports.WaitAsync(e => e.Path == path && e.Text.Contains(text, StringComparison.Ordinal), $"{text} at {path}");

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        Exports.Append(new Export(http.Request.Path, Encoding.Latin1.GetString(body.ToArray())));
    }

    public sealed record Export(string Path, string Text);
}
