using System.Collections.Concurrent;
using System.Text.Json;
using ClickToDial.Contracts;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;
using ClickToDial.Contracts.Events;
using ClickToDial.TestKit.Events;
using ClickToDial.TestKit.Network;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ClickToDial.App.Tests.Support;

/// <summary>
/// A worker's control API as a real HTTP server that keeps to the contract (one call per id, the same command again is the same
/// call), and fails on request in the ways a worker or the network before it can. Behaviour is chosen per user's domain.
/// </summary>
public sealed class WorkerPeer : IAsyncDisposable
{
    public const string ControlToken = "control-token-for-tests";

    private readonly ConcurrentDictionary<string, (OriginateCommand Command, CallSnapshot Call)> _calls = new();
    private readonly ConcurrentDictionary<string, Func<HttpContext, bool, Task<bool>>> _moods = new();
    private readonly ConcurrentDictionary<string, bool> _commandIds = new();
    private WebApplication? _app;

    private WorkerPeer(int port) => Url = new Uri($"http://127.0.0.1:{port}");

    public Uri Url { get; private set; }

    /// <summary>Recordings that wait to be fetched.</summary>
    public ConcurrentDictionary<string, byte[]> Recordings { get; } = new();

    /// <summary>What it is asked with.</summary>
    public string Token { get; set; } = ControlToken;

    /// <summary>How many calls it says it has, of a hundred.</summary>
    public int Calls { get; set; }

    /// <summary>Every command that arrived, repeats included.</summary>
    public EventLog<(CallId Id, OriginateCommand Command)> Commands { get; } = new("commands at the worker");

    /// <summary>Every call that was really dialled.</summary>
    public EventLog<(CallId Id, OriginateCommand Command)> Dialled { get; } = new("calls dialled");

    public EventLog<CallId> Ended { get; } = new("calls ended");

    public EventLog<CallId> HungUp { get; } = new("calls hung up");

    /// <summary>Commands to calls under way that were carried out: a repeat under the same id is not.</summary>
    public EventLog<(CallId Id, string Verb)> Orders { get; } = new("orders to calls");

    /// <summary>It takes requests and answers none, as one that has died behind its address.</summary>
    public bool IsSilent { get; set; }

    /// <summary>What it was asked while it was silent.</summary>
    public EventLog<string> Unanswered { get; } = new("requests without an answer");

    public static async Task<WorkerPeer> StartAsync()
    {
        var peer = new WorkerPeer(PortBlock.NextOfProcess());
        await peer.StartAgainAsync();
        return peer;
    }

    /// <summary>On the same address, with the same calls.</summary>
    public async Task StartAgainAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(Url.ToString());
        _app = builder.Build();
        _app.Use(AnswerAsync);
        _app.MapPut("/control/calls/{id}", (Delegate)PutAsync);
        _app.MapGet("/control/calls/{id}", (Delegate)Get);
        _app.MapPost("/control/calls/{id}/{verb}", (Delegate)OrderAsync);
        _app.MapDelete("/control/calls/{id}", (Delegate)Delete);
        _app.MapGet("/control/calls", (RequestDelegate)List);
        _app.MapGet("/control/watch", (RequestDelegate)WatchAsync);
        _app.MapGet("/control/recordings/{id}", (string id) => Recordings.TryGetValue(id, out var file) ? Results.Bytes(file, "audio/wav") : Results.NotFound());
        _app.MapDelete("/control/recordings/{id}", (string id) =>
        {
            Recordings.TryRemove(id, out _);
            return Results.NoContent();
        });
        _app.MapGet("/healthz/ready", () => Results.Json(new { Calls, MaxCalls = 100 }));
        _app.MapGet("/healthz/live", () => Results.Json(new { Calls, MaxCalls = 100 }));
        await _app.StartAsync();
        Url = new Uri(_app.Urls.First());
    }

    public async Task StopAsync()
    {
        if (_app is not null) await _app.DisposeAsync();
        _app = null;
    }

    /// <summary>Refuses commands of the domain with a problem of this reason.</summary>
    public void Refuse(string domain, int status, string reason) => _moods[domain] = async (http, taken) =>
    {
        if (taken) return false;
        http.Response.StatusCode = status;
        await http.Response.WriteAsJsonAsync(new WorkerProblem("urn:test", "Refused.", status, reason), ContractsJson.Default.WorkerProblem);
        return true;
    };

    /// <summary>Takes commands of the domain, then breaks the connection instead of answering.</summary>
    public void BreakAfterTaking(string domain) => _moods[domain] = (http, taken) =>
    {
        if (taken) http.Abort();
        return Task.FromResult(taken);
    };

    /// <summary>Answers commands of the domain with something that is no answer.</summary>
    public void TalkNonsense(string domain) => _moods[domain] = async (http, taken) =>
    {
        if (taken) return false;
        http.Response.ContentType = "text/html";
        await http.Response.WriteAsync("<html>");
        return true;
    };

    public void Behave(string domain) => _moods.TryRemove(domain, out _);

    /// <summary>As if the process had died and come back without its calls.</summary>
    public void ForgetCalls(CallId id) => _calls.TryRemove(id.Value, out _);

    public void Change(CallId id, Func<CallSnapshot, CallSnapshot> change)
    {
        var (command, call) = _calls[id.Value];
        _calls[id.Value] = (command, change(call));
    }

    public void End(CallId id, CallOutcome outcome)
    {
        var (command, call) = _calls[id.Value];
        _calls[id.Value] = (command, call with { State = CallState.Ended, Outcome = outcome });
        Ended.Append(id);
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task AnswerAsync(HttpContext http, RequestDelegate next)
    {
        if (!IsSilent)
        {
            await next(http);
            return;
        }
        Unanswered.Append(http.Request.Path);
        await Task.Delay(Timeout.Infinite, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task PutAsync(HttpContext http, string id)
    {
        using var reader = new StreamReader(http.Request.Body);
        var command = JsonSerializer.Deserialize(await reader.ReadToEndAsync(), ContractsJson.Default.OriginateCommand)!;
        var callId = CallId.Parse(id);
        Commands.Append((callId, command));
        var mood = _moods.GetValueOrDefault(command.Domain);
        if (!Allowed(http) || (mood is not null && await mood(http, false))) return;
        var snapshot = new CallSnapshot(callId, CallState.RingingUser, new CallParties(
            command.Domain, CallDirection.Outbound, command.User, command.Destination, TimeProvider.System.GetUtcNow(), command.CallerId),
            Legs: [new LegSummary("leg-1", LegRole.User, Trunk: "carrier")]);
        var isNew = _calls.TryAdd(id, (command, snapshot));
        if (isNew) Dialled.Append((callId, command));
        if (mood is not null && await mood(http, true)) return;
        if (!isNew && _calls[id].Command with { NotAfter = null } != command with { NotAfter = null })
        {
            http.Response.StatusCode = 409;
            await http.Response.WriteAsJsonAsync(
                new WorkerProblem("urn:test", "Conflict.", 409, WorkerProblemReasons.Conflict), ContractsJson.Default.WorkerProblem);
            return;
        }

        http.Response.StatusCode = isNew ? 202 : 200;
        await http.Response.WriteAsJsonAsync(_calls[id].Call, ContractsJson.Default.CallSnapshot);
    }

    private async Task OrderAsync(HttpContext http, string id, string verb)
    {
        if (!Allowed(http)) return;
        var command = (await JsonSerializer.DeserializeAsync(http.Request.Body, ContractsJson.Default.LegCommand))!;
        if (_calls.TryGetValue(id, out var known) && known.Call.State == CallState.Ended)
        {
            http.Response.StatusCode = 409;
            await http.Response.WriteAsJsonAsync(new WorkerProblem("urn:test", "Ended.", 409, WorkerProblemReasons.CallEnded), ContractsJson.Default.WorkerProblem);
            return;
        }
        if (_commandIds.TryAdd(command.CommandId!, true)) Orders.Append((CallId.Parse(id), verb));
        await TellAsync(http, id);
    }

    private Task Get(HttpContext http, string id) => Allowed(http) ? TellAsync(http, id) : Task.CompletedTask;

    private Task Delete(HttpContext http, string id)
    {
        if (!Allowed(http)) return Task.CompletedTask;
        if (_calls.ContainsKey(id)) HungUp.Append(CallId.Parse(id));
        return TellAsync(http, id);
    }

    private Task List(HttpContext http) => Allowed(http)
        ? http.Response.WriteAsJsonAsync([.. Matching(http).Where(call => call.State != CallState.Ended)], ContractsJson.Default.IReadOnlyListCallSnapshot)
        : Task.CompletedTask;

    // All, then one change for each that is ended; the stream stays open.
    private async Task WatchAsync(HttpContext http)
    {
        if (!Allowed(http)) return;
        var from = Ended.Count;
        http.Response.ContentType = "text/event-stream";
        await SendAsync(new WatchMessage(WatchKind.Calls, Calls: [.. Matching(http).Where(call => call.State != CallState.Ended)]));
        while (!http.RequestAborted.IsCancellationRequested)
        {
            var id = await Ended.WaitAsync(_ => true, "an end", Timeout.InfiniteTimeSpan, from++).WaitAsync(http.RequestAborted);
            if (Matching(http).FirstOrDefault(call => call.CallId == id) is { } call) await SendAsync(new WatchMessage(WatchKind.Call, call));
        }

        async Task SendAsync(WatchMessage message)
        {
            await http.Response.WriteAsync($": a comment\n\nevent: {message.Kind.ToString().ToLowerInvariant()}\ndata: {JsonSerializer.Serialize(message, ContractsJson.Default.WatchMessage)}\n\n");
            await http.Response.Body.FlushAsync();
        }
    }

    private IReadOnlyList<CallSnapshot> Matching(HttpContext http) =>
    [
        .. _calls.Values.Select(call => call.Call)
            .Where(call => call.Call.Domain == http.Request.Query["domain"] && (http.Request.Query["user"] is not [{ } user] || call.Call.User == user)),
    ];

    private async Task TellAsync(HttpContext http, string id)
    {
        if (_calls.TryGetValue(id, out var known))
        {
            await http.Response.WriteAsJsonAsync(known.Call, ContractsJson.Default.CallSnapshot);
            return;
        }

        http.Response.StatusCode = 404;
        await http.Response.WriteAsJsonAsync(
            new WorkerProblem("urn:test", "Unknown.", 404, WorkerProblemReasons.NotFound), ContractsJson.Default.WorkerProblem);
    }

    private bool Allowed(HttpContext http)
    {
        if (http.Request.Headers.Authorization == $"Bearer {Token}") return true;
        http.Response.StatusCode = 401;
        return false;
    }
}
