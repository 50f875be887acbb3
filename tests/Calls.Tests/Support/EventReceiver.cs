using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using System.Threading.Channels;
using ClickToDial.Contracts;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ClickToDial.Calls.Tests.Support;

/// <summary>A real HTTP receiver of events that remembers what it accepted and can be told to refuse.</summary>
public sealed class EventReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Channel<CallEvent> _accepted = Channel.CreateUnbounded<CallEvent>();
    private readonly ConcurrentQueue<CallEvent> _all = new();
    private readonly ConcurrentQueue<CallEvent> _refused = new();
    private readonly SemaphoreSlim _refusals = new(0);

    private EventReceiver(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.First() + "/");

    public string Token { get; } = "pbx-token-" + Guid.NewGuid().ToString("N");

    /// <summary>Says which events are refused, and how; null accepts.</summary>
    public Func<CallEvent, HttpStatusCode?> Refuse { get; set; } = _ => null;

    public IReadOnlyList<CallEvent> Accepted => [.. _all];

    public IReadOnlyList<CallEvent> Refused => [.. _refused];

    public static async Task<EventReceiver> StartAsync(int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        var receiver = new EventReceiver(builder.Build());
        receiver._app.MapPost("/webhooks/pbx", receiver.TakeAsync);
        await receiver._app.StartAsync();
        return receiver;
    }

    /// <summary>Waits for the next accepted event.</summary>
    public async Task<CallEvent> NextAsync() =>
        await _accepted.Reader.ReadAsync().AsTask().WaitAsync(Patience.Limit);

    /// <summary>Waits for an accepted event of a kind, passing over others.</summary>
    public async Task<CallEvent> NextAsync(CallId call, CallEventType type)
    {
        while (true)
            if (await NextAsync() is var told && told.CallId == call && told.Type == type)
                return told;
    }

    public async Task WaitForRefusalAsync() => Assert.True(await _refusals.WaitAsync(Patience.Limit));

    public IReadOnlyList<CallEvent> Of(CallId call) => [.. _all.Where(told => told.CallId == call)];

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task<IResult> TakeAsync(HttpRequest request)
    {
        if (request.Headers["X-Pbx-Token"] != Token) return Results.Unauthorized();
        var told = await JsonSerializer.DeserializeAsync(request.Body, ContractsJson.Default.CallEvent);
        if (Refuse(told!) is { } status)
        {
            _refused.Enqueue(told!);
            _refusals.Release();
            return Results.StatusCode((int)status);
        }
        _all.Enqueue(told!);
        await _accepted.Writer.WriteAsync(told!);
        return Results.Accepted();
    }
}
