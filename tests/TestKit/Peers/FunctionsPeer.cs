using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClickToDial.Contracts;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;
using ClickToDial.Contracts.Directory;
using ClickToDial.Contracts.Events;
using ClickToDial.TestKit.Browser;
using ClickToDial.TestKit.Events;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace ClickToDial.TestKit.Peers;

/// <summary>
/// What a worker needs of the functions, as a real HTTP server: the directory, and somebody who takes events. For tests that
/// are about the worker alone.
/// </summary>
public sealed class FunctionsPeer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, string> _announced = new();
    private volatile Publication _published;
    private volatile int _refuseWith;

    private FunctionsPeer(DirectorySnapshot directory, int port)
    {
        _published = new Publication(directory);
        Url = new Uri($"http://127.0.0.1:{port}");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(Url.ToString());
        _app = builder.Build();
        _app.MapGet("/internal/directory", (Delegate)GetDirectory);
        _app.MapMethods("/internal/workers/{name}", ["PUT", "DELETE"], (Delegate)HearWorkerAsync);
        _app.MapPost("/webhooks/pbx", (Delegate)TakeEventAsync);
        _app.MapMethods("/rest/system/session", ["POST", "OPTIONS"], (Delegate)LogInAsync);
        _app.MapPost("/internal/hooks/{method}", (Delegate)AnswerHookAsync);
        _app.MapGet("/.well-known/jwks.json", () => _refuseWith != 0 ? Results.StatusCode(_refuseWith) : Results.Text(Mint.KeySet, "application/jwk-set+json"));
    }

    /// <summary>What session tokens are made with.</summary>
    public SessionMint Mint { get; } = new();

    public Uri Url { get; }

    public string WorkerToken { get; set; } = RandomNumberGenerator.GetHexString(32, lowercase: true);

    public string PbxToken { get; set; } = RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>Every event taken, in order of arrival; a repetition appears again.</summary>
    public EventLog<CallEvent> Events { get; } = new("events at the functions");

    /// <summary>What was posted to log in, with the origin and the address that it was said to come from.</summary>
    public EventLog<string> Logins { get; } = new("logins at the functions");

    /// <summary>What hooks were asked, each with its method.</summary>
    public EventLog<(string Method, JsonObject Body)> Hooks { get; } = new("hooks at the functions");

    /// <summary>What hooks must be signed with, <c>whsec_</c> and base64; null to look at no signature.</summary>
    public string? HookSecret { get; set; }

    /// <summary>How a hook is answered: by a status with a slug, or with null by what it was asked.</summary>
    public Func<string, JsonObject, (int Status, string? Slug)?> OnHook { get; set; } = (_, _) => null;

    /// <summary>Where workers said they are, and that they go: method, name and address.</summary>
    public EventLog<string> Workers { get; } = new("workers at the functions");

    /// <summary>Requests that were refused, by path and why.</summary>
    public EventLog<string> Refused { get; } = new("requests refused by the functions");

    public static async Task<FunctionsPeer> StartAsync(DirectorySnapshot directory, int port)
    {
        var peer = new FunctionsPeer(directory, port);
        await peer._app.StartAsync();
        return peer;
    }

    /// <summary>What workers are given now.</summary>
    public DirectorySnapshot Directory => _published.Directory;

    public void Publish(DirectorySnapshot directory) => _published = new Publication(directory);

    /// <summary>Completes when a worker goes by it, which its next question tells.</summary>
    public Task PublishedAsync(DirectorySnapshot directory)
    {
        var published = new Publication(directory);
        _published = published;
        return published.Taken.Task.WaitAsync(Patience.Step);
    }

    /// <summary>Answers everything with this status from now on; null for normal service.</summary>
    public void RefuseWith(int? status) => _refuseWith = status ?? 0;

    /// <summary>Waits for an event of a call; fails at once when the call has ended without it.</summary>
    public async Task<CallEvent> EventAsync(CallId call, CallEventType type, LegRole? leg = null, TimeSpan? limit = null)
    {
        var found = await Events.WaitAsync(
            e => e.CallId == call && (e.Type == CallEventType.CallEnded || (e.Type == type && (leg is null || e.Leg?.Role == leg))),
            $"{type} of call {call}",
            limit);
        return found.Type == type ? found : throw new InvalidOperationException($"Call {call} ended without {type}: {found.Outcome}");
    }

    public Task<CallEvent> EndAsync(CallId call, TimeSpan? limit = null) => EventAsync(call, CallEventType.CallEnded, limit: limit);

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Mint.Dispose();
    }

    private IResult GetDirectory(HttpContext context)
    {
        if (!IsAllowed(context, "Authorization", $"Bearer {WorkerToken}", out var refusal)) return refusal;
        var published = _published;
        var json = JsonSerializer.SerializeToUtf8Bytes(published.Directory, ContractsJson.Default.DirectorySnapshot);
        var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(json))}\"";
        context.Response.Headers.ETag = tag;
        if (context.Request.Headers.IfNoneMatch != tag) return Results.Bytes(json, "application/json");
        published.Taken.TrySetResult();
        return Results.StatusCode(StatusCodes.Status304NotModified);
    }

    private async Task<IResult> HearWorkerAsync(HttpContext context, string name)
    {
        if (!IsAllowed(context, "Authorization", $"Bearer {WorkerToken}", out var refusal)) return refusal;
        using var body = new StreamReader(context.Request.Body);
        var url = await body.ReadToEndAsync();
        Workers.Append($"{context.Request.Method} {name} {url}");
        if (HttpMethods.IsPut(context.Request.Method)) _announced[name] = url;
        else _announced.TryRemove(name, out _);
        var fellows = new WorkerFellows([.. _announced.Where(one => one.Key != name).Select(one => one.Value)]);
        return HttpMethods.IsPut(context.Request.Method) ? Results.Json(fellows, ContractsJson.Default.WorkerFellows) : Results.NoContent();
    }

    private async Task<IResult> LogInAsync(HttpContext context)
    {
        if (_refuseWith != 0) return Results.StatusCode(_refuseWith);
        using var body = new StreamReader(context.Request.Body);
        var client = context.Request.Headers["X-Worker-Token"] == WorkerToken ? context.Request.Headers["X-Client-Address"].ToString() : "unknown";
        Logins.Append($"{context.Request.Method} {await body.ReadToEndAsync()} {context.Request.Headers.Origin} {client}");
        context.Response.Headers.SetCookie = "session=abc; path=/; secure; samesite=strict; httponly";
        context.Response.Headers.AccessControlAllowOrigin = context.Request.Headers.Origin;
        context.Response.Headers["X-Inside"] = "not for browsers";
        return Results.Text("true", "application/json");
    }

    private async Task<IResult> AnswerHookAsync(HttpContext context, string method)
    {
        using var bytes = new MemoryStream();
        await context.Request.Body.CopyToAsync(bytes, context.RequestAborted);
        if (HookSecret is { } secret && !IsSigned(context.Request.Headers, bytes.ToArray(), secret))
        {
            Refused.Append($"{context.Request.Path} 401");
            return Results.Text("""{"reason":"hook-signature-invalid"}""", "application/problem+json", statusCode: 401);
        }

        var body = (JsonObject)JsonNode.Parse(bytes.ToArray())!;
        Hooks.Append((method, body));
        if (OnHook(method, body) is { } refusal)
            return Results.Text(new JsonObject { ["reason"] = refusal.Slug }.ToJsonString(), "application/problem+json", statusCode: refusal.Status);
        return Results.Text(body.ToJsonString(), "application/json");
    }

    // Standard Webhooks, "Verifying signatures".
    private static bool IsSigned(IHeaderDictionary headers, byte[] body, string secret)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{headers["webhook-id"]}.{headers["webhook-timestamp"]}."), .. body];
        var mac = HMACSHA256.HashData(Convert.FromBase64String(secret["whsec_".Length..]), signed);
        return headers["webhook-signature"].ToString().Split(' ').Contains("v1," + Convert.ToBase64String(mac));
    }

    private async Task<IResult> TakeEventAsync(HttpContext context)
    {
        if (!IsAllowed(context, "X-Pbx-Token", PbxToken, out var refusal)) return refusal;
        var taken = await JsonSerializer.DeserializeAsync(
            context.Request.Body, ContractsJson.Default.CallEvent, context.RequestAborted);
        Events.Append(taken!);
        return Results.Accepted();
    }

    private bool IsAllowed(HttpContext context, string header, string expected, out IResult refusal)
    {
        var presented = Encoding.UTF8.GetBytes(context.Request.Headers[header].ToString());
        var isKnown = CryptographicOperations.FixedTimeEquals(presented, Encoding.UTF8.GetBytes(expected));
        var status = _refuseWith != 0 ? _refuseWith : StatusCodes.Status401Unauthorized;
        refusal = Results.StatusCode(status);
        if (isKnown && _refuseWith == 0) return true;
        Refused.Append($"{context.Request.Path} {status}");
        return false;
    }

    private sealed record Publication(DirectorySnapshot Directory)
    {
        public TaskCompletionSource Taken { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
