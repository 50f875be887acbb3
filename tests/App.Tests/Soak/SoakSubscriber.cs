using System.Collections.Concurrent;
using ClickToDial.TestKit.Events;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ClickToDial.App.Tests.Soak;

/// <summary>A subscriber that can be killed and started again where it was; what it took it remembers, as a CRM's database does.</summary>
internal sealed class SoakSubscriber(int port) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, byte> _known = new(StringComparer.Ordinal);
    private WebApplication? _app;

    public Uri Url { get; } = new($"http://127.0.0.1:{port}/hook");

    /// <summary>Ids of events, repeats included, in the order they came.</summary>
    public EventLog<string> Ids { get; } = new("events at a subscriber");

    public int Distinct => _known.Count;

    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        _app = builder.Build();
        _app.Run(Take);
        await _app.StartAsync();
    }

    /// <summary>Requests that are under way get no answer.</summary>
    public async Task KillAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app!.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null) await _app.DisposeAsync();
    }

    private Task Take(HttpContext http)
    {
        var id = http.Request.Headers["webhook-id"].ToString();
        _known.TryAdd(id, 0);
        Ids.Append(id);
        http.Response.StatusCode = 204;
        return Task.CompletedTask;
    }
}
