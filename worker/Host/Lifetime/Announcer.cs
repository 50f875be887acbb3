using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using ClickToDial.Calls.Edge;
using ClickToDial.Calls.Secrets;
using ClickToDial.Contracts;
using ClickToDial.Contracts.Control;
using ClickToDial.Worker.Configuration;

namespace ClickToDial.Worker.Lifetime;

/// <summary>
/// Tells the functions where this worker's control API is, again and again, and at the end that it goes, so that they find each of several
/// workers that come and go. Their answer names the others, whose phones are called from here. Silent where no address is set.
/// </summary>
internal sealed class Announcer : IAsyncDisposable
{
    private const int LongestAnswer = 64 * 1024;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(3);

    private readonly HttpClient _http = new() { Timeout = Deadline, MaxResponseContentBufferSize = LongestAnswer };
    private readonly CancellationTokenSource _stop = new();
    private readonly Uri _address;
    private readonly string _url;
    private readonly LiveSecret _token;
    private readonly IReadOnlyList<Uri> _set;
    private readonly Fellows? _fellows;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Task _loop;

    public Announcer(WorkerSettings settings, Fellows? fellows, TimeProvider time, ILogger<Announcer> logger)
    {
        _fellows = fellows;
        _set = [.. settings.Worker.FellowAddresses().Select(address => new Uri(address))];
        fellows?.Know(_set);
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

    // Our control token is shown there, so only who knows our own token is believed: the functions, at the address that is set.
    private async Task LearnAsync(HttpContent answer, CancellationToken stop)
    {
        var told = await answer.ReadFromJsonAsync(ContractsJson.Default.WorkerFellows, stop);
        var named = (told?.Urls ?? []).Select(url => Uri.TryCreate(url, UriKind.Absolute, out var address) ? address : null).OfType<Uri>()
            .Where(address => address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps);
        _fellows?.Know(_set.Concat(named));
    }

    private async Task<bool> SendAsync(HttpMethod method, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(method, _address);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _token.Current);
        if (method == HttpMethod.Put) request.Content = new StringContent(_url);
        try
        {
            using var response = await _http.SendAsync(request, stop);
            if (response.StatusCode == System.Net.HttpStatusCode.OK) await LearnAsync(response.Content, stop);
            return response.IsSuccessStatusCode;
        }
        // The last is what an answer in characters that are not known here comes to, such as a page of a proxy's.
        catch (Exception e) when (e is HttpRequestException or JsonException or InvalidOperationException)
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
