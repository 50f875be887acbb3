using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ClickToDial.App.Calls;
using ClickToDial.App.Hosting;
using ClickToDial.App.Hosting.Telemetry;
using ClickToDial.Contracts;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;
using ClickToDial.Contracts.Telemetry;
using ClickToDial.Core.Calls;
using ClickToDial.Core.Problems;
using Microsoft.Extensions.Logging;

namespace ClickToDial.App.Adapters;

/// <summary>The control API of one worker over HTTP. One attempt per call, with a deadline.</summary>
public sealed partial class HttpWorkerClient : IWorkerClient, IDisposable
{
    private const int LargestAnswer = 1024 * 1024;

    private readonly HttpClient _http;
    private readonly CallWorkerOptions _options;
    private readonly TimeProvider _time;
    private readonly TimeSpan _deadline;
    private readonly ILogger<HttpWorkerClient> _logger;

    public HttpWorkerClient(string url, CallWorkerOptions options, TimeProvider time, ILogger<HttpWorkerClient> logger)
    {
        _options = options;
        _time = time;
        _logger = logger;
        _deadline = TimeSpan.FromSeconds(options.TimeoutSeconds);
        _http = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(2), AllowAutoRedirect = false, ActivityHeadersPropagator = null })
        {
            BaseAddress = new Uri(url.TrimEnd('/') + "/"),
            // The deadline is ours, on the injected clock.
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = LargestAnswer,
        };
    }

    private HttpWorkerClient(HttpWorkerClient same, TimeSpan deadline) => (_http, _options, _time, _logger, _deadline) = (same._http, same._options, same._time, same._logger, deadline);

    public async Task<Result<CallSnapshot>> OriginateAsync(CallId callId, OriginateCommand command, bool isAgain, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, Path(callId))
        {
            Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(command, ContractsJson.Default.OriginateCommand)),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (await SendAsync(request, stop) is not { } answer) return KnownProblems.WorkerUnavailable;
        return answer.IsSuccess && Read(answer, ContractsJson.Default.CallSnapshot) is { } snapshot ? snapshot : Refusal(answer);
    }

    public Task<WorkerView> GetAsync(CallId callId, CancellationToken stop) => AskAsync(HttpMethod.Get, callId, stop);

    public Task<WorkerView> HangUpAsync(CallId callId, CancellationToken stop) => AskAsync(HttpMethod.Delete, callId, stop);

    public async Task<IReadOnlyList<CallSnapshot>?> CallsOfAsync(string domain, string? user, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "control/calls" + Filter(domain, user));
        return await SendAsync(request, stop) is { IsSuccess: true } answer ? Read(answer, ContractsJson.Default.IReadOnlyListCallSnapshot) : null;
    }

    public async Task<IAsyncEnumerable<WatchMessage>?> WatchAsync(string domain, string? user, CancellationToken stop)
    {
        using var deadline = new CancellationTokenSource(_deadline, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, deadline.Token);
        using var request = new HttpRequestMessage(HttpMethod.Get, "control/watch" + Filter(domain, user));
        try
        {
            request.Headers.Authorization = Token;
            var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            if (response.IsSuccessStatusCode) return ReadAsync(response, stop);
            response.Dispose();
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException && !stop.IsCancellationRequested)
        {
            LogUnreachable(e is HttpRequestException failed ? failed.HttpRequestError.ToString() : "Deadline");
        }
        return null;
    }

    public async Task<(CallSnapshot? Call, string? Reason)> OrderAsync(CallId callId, string verb, string commandId, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Path(callId)}/{verb}")
        {
            Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(new LegCommand(CommandId: commandId), ContractsJson.Default.LegCommand)),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (await SendAsync(request, stop) is not { } answer) return (null, null);
        if (answer.IsSuccess) return (Read(answer, ContractsJson.Default.CallSnapshot), null);
        // Of the worker's own words only, as everywhere; and what may pass is tried again.
        return (int)answer.Status is >= 400 and < 500 or 501 && ReasonOf(answer) is { } reason ? (null, reason) : (null, null);
    }

    public async Task<bool> IsReadyAsync(CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "healthz/ready");
        return await SendAsync(request, stop) is { IsSuccess: true };
    }

    /// <summary>How many more calls it takes, as it says; null when it takes none now or is not reached.</summary>
    public async Task<int?> RoomAsync(CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "healthz/ready");
        return await SendAsync(request, stop) is { IsSuccess: true } answer && Read(answer, AppJson.Default.WorkerRoom) is { } room ? room.MaxCalls - room.Calls : null;
    }

    /// <summary>Whether it is alive, as it says itself, be it ready or not.</summary>
    public async Task<bool> IsThereAsync(CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "healthz/live");
        return await SendAsync(request, stop) is { IsSuccess: true };
    }

    /// <summary>The same one, over the same connections, waited for no longer than so.</summary>
    public HttpWorkerClient Within(TimeSpan deadline) => new(this, deadline < _deadline ? deadline : _deadline);

    public void Dispose() => _http.Dispose();

    // Of each request, as it is replaced while the app runs.
    private AuthenticationHeaderValue Token => new("Bearer", _options.ControlToken);

    private static async IAsyncEnumerable<WatchMessage> ReadAsync(HttpResponseMessage response, [EnumeratorCancellation] CancellationToken stop)
    {
        using var whole = response;
        await using var stream = await response.Content.ReadAsStreamAsync(stop);
        var told = SseParser.Create(stream, (_, data) => JsonSerializer.Deserialize(data, ContractsJson.Default.WatchMessage) ?? throw new JsonException("An event says nothing."));
        await foreach (var change in told.EnumerateAsync(stop)) yield return change.Data;
    }

    private static string Filter(string domain, string? user) =>
        $"?domain={Uri.EscapeDataString(domain)}" + (user is null ? "" : $"&user={Uri.EscapeDataString(user)}");

    private static string Path(CallId callId) => $"control/calls/{callId.Value}";

    private async Task<WorkerView> AskAsync(HttpMethod method, CallId callId, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(method, Path(callId));
        var answer = await SendAsync(request, stop);
        if (answer is { IsSuccess: true } && Read(answer, ContractsJson.Default.CallSnapshot) is { } snapshot)
            return new WorkerView.Known(snapshot);
        // Only the worker's own word counts: a 404 of something in between does not close calls.
        return answer is { Status: HttpStatusCode.NotFound } && ReasonOf(answer) == WorkerProblemReasons.NotFound
            ? new WorkerView.Unknown()
            : new WorkerView.Unreachable();
    }

    private Problem Refusal(Answer answer)
    {
        var reason = ReasonOf(answer);
        LogRefused((int)answer.Status, Known(reason));
        return reason switch
        {
            WorkerProblemReasons.Draining => KnownProblems.WorkerDraining,
            WorkerProblemReasons.NoCapacity => KnownProblems.WorkerNoCapacity,
            WorkerProblemReasons.NotReady or WorkerProblemReasons.Unauthorized => KnownProblems.WorkerUnavailable,
            WorkerProblemReasons.InvalidCommand or WorkerProblemReasons.Conflict => KnownProblems.WorkerRefused,
            _ => KnownProblems.WorkerUnavailable,
        };
    }

    /// <summary>Null when the worker did not answer within the deadline.</summary>
    private async Task<Answer?> SendAsync(HttpRequestMessage request, CancellationToken stop)
    {
        using var deadline = new CancellationTokenSource(_deadline, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, deadline.Token);
        var span = AppTrace.Source.BeginWithin($"worker {request.Method}", ActivityKind.Client);
        if (span is not null) request.Headers.TryAddWithoutValidation(Spans.Header, span.Id);
        try
        {
            request.Headers.Authorization = Token;
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseContentRead, either.Token);
            return new Answer(response.StatusCode, response.IsSuccessStatusCode, await response.Content.ReadAsByteArrayAsync(either.Token));
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException && !stop.IsCancellationRequested)
        {
            span?.SetStatus(ActivityStatusCode.Error);
            LogUnreachable(e is HttpRequestException failed ? failed.HttpRequestError.ToString() : "Deadline");
            return null;
        }
        finally
        {
            span.End();
        }
    }

    private static string? ReasonOf(Answer answer) => Read(answer, ContractsJson.Default.WorkerProblem)?.Reason;

    // The reason comes over the network: only words of the contract go into the log.
    private static string Known(string? reason) => reason is
        WorkerProblemReasons.Draining or WorkerProblemReasons.NoCapacity or WorkerProblemReasons.NotReady
        or WorkerProblemReasons.Unauthorized or WorkerProblemReasons.InvalidCommand or WorkerProblemReasons.Conflict
        or WorkerProblemReasons.NotFound or WorkerProblemReasons.TooLate ? reason : "unknown";

    private static T? Read<T>(Answer answer, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(answer.Body, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [LoggerMessage(1020, LogLevel.Warning, "The worker refused with {Status}, {Reason}")]
    private partial void LogRefused(int status, string reason);

    [LoggerMessage(1021, LogLevel.Warning, "The worker did not answer ({Fault})")]
    private partial void LogUnreachable(string fault);

    private sealed record Answer(HttpStatusCode Status, bool IsSuccess, byte[] Body);
}
