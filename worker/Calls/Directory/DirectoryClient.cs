using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using ClickToDial.Calls.Events;
using ClickToDial.Contracts;
using Microsoft.Extensions.Logging;

namespace ClickToDial.Calls.Directory;

/// <summary>Asks the functions for the directory again and again, and keeps the last good answer while they are away.</summary>
public sealed class DirectoryClient : IDirectory, IAsyncDisposable
{
    private readonly HttpClient _http;
    private readonly DirectoryOptions _options;
    private readonly TimeProvider _time;
    private readonly Backoff _backoff;
    private readonly ILogger _logger;
    private readonly Uri _address;
    private readonly CancellationTokenSource _stop = new();
    private Task _loop = Task.CompletedTask;
    private volatile TaskCompletionSource _next = NewSource();
    private EntityTagHeaderValue? _tag;
    private volatile CallDirectory? _current;
    private volatile bool _isReached;

    public DirectoryClient(HttpClient http, DirectoryOptions options, TimeProvider time, Random random, ILogger<DirectoryClient> logger)
    {
        _http = http;
        _options = options;
        _time = time;
        _backoff = new Backoff(options.FirstRetry, options.LongestRetry, random);
        _logger = logger;
        _address = new Uri(options.Functions, "internal/directory");
    }

    /// <summary>Whether the functions answered when they were last asked.</summary>
    public bool IsReached => _isReached;

    public CallDirectory? Current => _current;

    /// <summary>Completes when the directory is known for the first time.</summary>
    public Task Known => WhenAsync(_ => true);

    /// <summary>Begins to ask. Called once.</summary>
    public void Start() => _loop = RunAsync();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }

    /// <summary>Completes with the first directory, now or later, that is as wished.</summary>
    public async Task WhenAsync(Func<CallDirectory, bool> wished)
    {
        while (true)
        {
            var next = _next.Task;
            if (_current is { } current && wished(current)) return;
            await next;
        }
    }

    private async Task RunAsync()
    {
        await Task.Yield();
        var failures = 0;
        try
        {
            while (true)
            {
                failures = await AskAsync() is { } trouble ? Failed(failures, trouble) : Succeeded(failures);
                await Task.Delay(failures == 0 ? _options.Interval : _backoff.After(failures), _time, _stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The process ends.
        }
    }

    private int Succeeded(int failures)
    {
        _isReached = true;
        if (failures > 0) DirectoryLog.Resumed(_logger);
        return 0;
    }

    private int Failed(int failures, string trouble)
    {
        _isReached = false;
        if (failures == 0) DirectoryLog.Failed(_logger, trouble);
        return failures + 1;
    }

    // What went wrong, or null.
    private async Task<string?> AskAsync()
    {
        using var limit = new CancellationTokenSource(_options.Deadline, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, limit.Token);
        using var request = new HttpRequestMessage(HttpMethod.Get, _address);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _options.Token.Current);
        if (_tag is not null) request.Headers.IfNoneMatch.Add(_tag);
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            if (response.StatusCode == HttpStatusCode.NotModified && _current is not null) return null;
            if (response.StatusCode != HttpStatusCode.OK) return $"status {(int)response.StatusCode}";
            await response.Content.LoadIntoBufferAsync(_options.MaxBytes, either.Token);
            await TakeAsync(response, either.Token);
            return null;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException)
        {
            return e.GetType().Name;
        }
        catch (OperationCanceledException) when (!_stop.IsCancellationRequested)
        {
            return "deadline";
        }
    }

    private async Task TakeAsync(HttpResponseMessage response, CancellationToken stop)
    {
        await using var body = await response.Content.ReadAsStreamAsync(stop);
        var snapshot = await JsonSerializer.DeserializeAsync(body, ContractsJson.Default.DirectorySnapshot, stop)
            ?? throw new JsonException("The directory is null.");
        _current = new CallDirectory(snapshot);
        _tag = response.Headers.ETag;
        DirectoryLog.Learned(_logger, snapshot.Domains.Count, snapshot.Trunks.Count);
        var learned = _next;
        _next = NewSource();
        learned.SetResult();
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
