using System.Net;

namespace ClickToDial.Worker.Lifetime;

/// <summary>
/// <c>ClickToDial.Worker health</c>: asks the worker of the same settings whether it lives, for container engines, so that an
/// image needs no other program for it.
/// </summary>
public static class HealthProbe
{
    public const string Verb = "health";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    /// <returns>0 when it lives, else 1: the exit code.</returns>
    public static async Task<int> RunAsync(string controlUrl)
    {
        if (!Uri.TryCreate(controlUrl, UriKind.Absolute, out var url)) return 1;
        using var http = new HttpClient { Timeout = Limit };
        try
        {
            using var answer = await http.GetAsync(Asked(url));
            return answer.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return 1;
        }
    }

    /// <summary>Where to ask: nobody can connect to a wildcard.</summary>
    public static Uri Asked(Uri controlUrl)
    {
        var wildcard = IPAddress.TryParse(controlUrl.DnsSafeHost, out var address) && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any));
        var host = !wildcard ? controlUrl.Host : address!.Equals(IPAddress.Any) ? "127.0.0.1" : "[::1]";
        return new UriBuilder(controlUrl) { Host = host, Path = "/healthz/live" }.Uri;
    }
}
