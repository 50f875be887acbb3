using ClickToDial.TestKit.Events;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ClickToDial.TestKit.Peers;

/// <summary>A CRM's end of webhooks as a real HTTP server. It answers 204, or as a test says.</summary>
public sealed class SubscriberPeer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private SubscriberPeer(WebApplication app) => _app = app;

    public EventLog<Delivered> Requests { get; } = new("requests at the subscriber");

    public Func<HttpContext, Delivered, Task> Answers { get; set; } = (http, _) =>
    {
        http.Response.StatusCode = 204;
        return Task.CompletedTask;
    };

    public Uri Url => new(new Uri(_app.Urls.First()), "/hook");

    public static async Task<SubscriberPeer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(k => k.AddServerHeader = false);
        var app = builder.Build();
        var peer = new SubscriberPeer(app);
        app.Run(peer.TakeAsync);
        await app.StartAsync();
        return peer;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        var delivered = new Delivered(http.Request.Path, http.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase), body.ToArray());
        Requests.Append(delivered);
        await Answers(http, delivered);
    }

    public sealed record Delivered(string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body)
    {
        public string Id => Headers["webhook-id"];

        public System.Text.Json.JsonElement Json => System.Text.Json.JsonElement.Parse(Body);
    }
}
