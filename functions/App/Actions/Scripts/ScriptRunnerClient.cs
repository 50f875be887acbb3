using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClickToDial.Core.Problems;
using Microsoft.Extensions.Logging;

namespace ClickToDial.App.Actions.Scripts;

/// <summary>The script runner over HTTP. One attempt per call, with a deadline.</summary>
public sealed partial class ScriptRunnerClient : IDisposable
{
    private const int LargestAnswer = 4 * 1024 * 1024;

    private readonly HttpClient? _http;
    private readonly ScriptRunnerOptions _options;
    private readonly TimeProvider _time;
    private readonly TimeSpan _deadline;
    private readonly ILogger<ScriptRunnerClient> _logger;

    public ScriptRunnerClient(ScriptRunnerOptions options, TimeProvider time, ILogger<ScriptRunnerClient> logger)
    {
        _options = options;
        _time = time;
        _logger = logger;
        _deadline = TimeSpan.FromSeconds(options.TimeoutSeconds);
        if (options.Url.Length == 0) return;
        _http = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(2), AllowAutoRedirect = false })
        {
            BaseAddress = new Uri(options.Url.TrimEnd('/') + "/"),
            // The deadline is ours, on the injected clock.
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = LargestAnswer,
        };
    }

    public bool IsConfigured => _http is not null;

    /// <summary>What <c>POST /v1/runs</c> answers.</summary>
    public Task<Result<JsonObject>> RunAsync(JsonObject job, CancellationToken stop) => SendAsync(HttpMethod.Post, "v1/runs", job, stop);

    /// <summary>What <c>POST /v1/checks</c> answers.</summary>
    public Task<Result<JsonObject>> CheckAsync(string source, CancellationToken stop) =>
        SendAsync(HttpMethod.Post, "v1/checks", new JsonObject { ["source"] = source }, stop);

    public async Task<bool> IsReadyAsync(CancellationToken stop) => (await SendAsync(HttpMethod.Get, "healthz", null, stop)).IsOk;

    public void Dispose() => _http?.Dispose();

    private async Task<Result<JsonObject>> SendAsync(HttpMethod method, string path, JsonObject? body, CancellationToken stop)
    {
        if (_http is null) return KnownProblems.ScriptRunnerUnavailable;
        using var request = new HttpRequestMessage(method, path) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", _options.ReadFirstToken()) } };
        if (body is not null) request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using var deadline = new CancellationTokenSource(_deadline, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, deadline.Token);
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseContentRead, either.Token);
            if (response.IsSuccessStatusCode && JsonNode.Parse(await response.Content.ReadAsByteArrayAsync(either.Token)) is JsonObject answer) return answer;
            LogRefused((int)response.StatusCode);
            return KnownProblems.ScriptRunnerUnavailable;
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or OperationCanceledException && !stop.IsCancellationRequested)
        {
            LogUnreachable(e is HttpRequestException failed ? failed.HttpRequestError.ToString() : e.GetType().Name);
            return KnownProblems.ScriptRunnerUnavailable;
        }
    }

    [LoggerMessage(1100, LogLevel.Warning, "The script runner answered with {Status}")]
    private partial void LogRefused(int status);

    [LoggerMessage(1101, LogLevel.Warning, "The script runner did not answer ({Fault})")]
    private partial void LogUnreachable(string fault);
}
