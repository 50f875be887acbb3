using System.Net;
using System.Text.Json;
using ClickToDial.Contracts;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;
using ClickToDial.TestKit.Events;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ClickToDial.TestKit.Suite;

/// <summary>An event that the worker posted, and what it was answered: 0 when the functions could not be reached.</summary>
public sealed record PostedEvent(CallEvent Event, int Status)
{
    public bool IsAccepted => Status is >= 200 and < 300;
}

/// <summary>
/// Stands between worker and functions, passes everything on unchanged in both directions, and keeps the events that pass.
/// When the functions cannot be reached, the worker's connection breaks too.
/// </summary>
public sealed class EventTap : IAsyncDisposable
{
    /// <summary>Between two ends of one connection only (RFC 9110 section 7.6.1), or said anew for each.</summary>
    private static readonly HashSet<string> Hop = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Keep-Alive", "Proxy-Connection", "Transfer-Encoding", "Upgrade", "Host", "Content-Length", "Expect", "Date", "Server",
    };

    private readonly WebApplication _app;
    private readonly HttpClient _http;

    private EventTap(int port, Uri functions)
    {
        Url = new Uri($"http://127.0.0.1:{port}");
        // Cookies and redirections are matters of who asks.
        _http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = functions, Timeout = Patience.Start };
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(Url.ToString());
        _app = builder.Build();
        _app.Run(PassOnAsync);
    }

    public Uri Url { get; }

    /// <summary>Every post of an event, repeated ones too.</summary>
    public EventLog<PostedEvent> Posts { get; } = new("events posted by the worker");

    public static async Task<EventTap> StartAsync(int port, Uri functions)
    {
        var tap = new EventTap(port, functions);
        await tap._app.StartAsync();
        return tap;
    }

    /// <summary>Waits until an event of that call and type was posted and accepted; fails at once when the call has ended without it.</summary>
    public async Task<CallEvent> AcceptedAsync(CallId call, CallEventType type, LegRole? leg = null, TimeSpan? limit = null)
    {
        var found = (await Posts.WaitAsync(
            p => p.IsAccepted && p.Event.CallId == call
                && (p.Event.Type == CallEventType.CallEnded || (p.Event.Type == type && (leg is null || p.Event.Leg?.Role == leg))),
            $"{type} of call {call}",
            limit)).Event;
        return found.Type == type ? found : throw new InvalidOperationException($"Call {call} ended without {type}: {found.Outcome}");
    }

    /// <summary>The events of a call that were accepted so far, in that order.</summary>
    public IReadOnlyList<CallEvent> Accepted(CallId call) =>
        [.. Posts.Snapshot().Where(p => p.IsAccepted && p.Event.CallId == call).Select(p => p.Event)];

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _http.Dispose();
    }

    private async Task PassOnAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        using var request = NewRequest(context.Request, body.ToArray());
        try
        {
            using var response = await _http.SendAsync(request, context.RequestAborted);
            Keep(context.Request, body, (int)response.StatusCode);
            await AnswerAsync(context.Response, response);
        }
        catch (HttpRequestException)
        {
            Keep(context.Request, body, 0);
            context.Abort();
        }
    }

    private static HttpRequestMessage NewRequest(HttpRequest from, byte[] body)
    {
        var request = new HttpRequestMessage(new HttpMethod(from.Method), $"{from.Path}{from.QueryString}");
        if (body.Length > 0) request.Content = new ByteArrayContent(body);
        foreach (var (name, values) in from.Headers.Where(h => !Hop.Contains(h.Key)))
            if (!request.Headers.TryAddWithoutValidation(name, values.AsEnumerable())) request.Content?.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
        return request;
    }

    private static async Task AnswerAsync(HttpResponse to, HttpResponseMessage from)
    {
        to.StatusCode = (int)from.StatusCode;
        foreach (var (name, values) in from.Headers.Concat(from.Content.Headers).Where(h => !Hop.Contains(h.Key))) to.Headers[name] = values.ToArray();
        if (from.StatusCode is not (HttpStatusCode.NotModified or HttpStatusCode.NoContent)) await from.Content.CopyToAsync(to.Body);
    }

    private void Keep(HttpRequest request, MemoryStream body, int status)
    {
        if (request.Path != "/webhooks/pbx") return;
        body.Position = 0;
        Posts.Append(new PostedEvent(JsonSerializer.Deserialize(body, ContractsJson.Default.CallEvent)!, status));
    }
}
