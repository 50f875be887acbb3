using System.Net.Http.Headers;
using ClickToDial.Calls.Secrets;
using ClickToDial.Worker.Configuration;

namespace ClickToDial.Worker.Lifetime;

/// <summary>
/// Tells the functions where this worker's control API is, again and again, and at the end that it goes, so that they find each of several
/// workers that come and go. Silent where no address is set.
/// </summary>
internal sealed class Announcer : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(3);

    private readonly HttpClient _http = new() { Timeout = Deadline };
    private readonly CancellationTokenSource _stop = new();
    private readonly Uri _address;
    private readonly string _url;
    private readonly LiveSecret _token;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Task _loop;

    public Announcer(WorkerSettings settings, TimeProvider time, ILogger<Announcer> logger)
    {
        _url = settings.Worker.AnnounceUrl;
        _address = new Uri($"{settings.Worker.FunctionsUrl.TrimEnd('/')}/internal/workers/{Uri.EscapeDataString(settings.Worker.Name)}");
        _token = settings.Secrets.Worker;
        _time = time;
        _logger = logger;
        _loop = _url.Length == 0 ? Task.CompletedTask : RunAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        if (_url.Length > 0) await SendAsync(HttpMethod.Delete, CancellationToken.None);
        _http.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        var wasHeard = true;
        try
        {
            while (true)
            {
                var isHeard = await SendAsync(HttpMethod.Put, _stop.Token);
                if (wasHeard && !isHeard) AnnouncerLog.Unheard(_logger);
                wasHeard = isHeard;
                await Task.Delay(Interval, _time, _stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The process ends.
        }
    }

    private async Task<bool> SendAsync(HttpMethod method, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(method, _address);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _token.Current);
        if (method == HttpMethod.Put) request.Content = new StringContent(_url);
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return false;
        }
    }
}

internal static partial class AnnouncerLog
{
    [LoggerMessage(6022, LogLevel.Warning, "The functions do not take where this worker is; it is told again and again")]
    public static partial void Unheard(ILogger logger);
}
