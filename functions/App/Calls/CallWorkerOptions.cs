using ClickToDial.App.Hosting;
using ClickToDial.Core.Access;

namespace ClickToDial.App.Calls;

/// <summary>Where the call worker's control API is. (Not "WorkerOptions": Microsoft's function worker has a type of that name.)</summary>
public sealed class CallWorkerOptions : ICheckedOptions
{
    public const string Section = "Worker";

    /// <summary>Base address, such as <c>http://127.0.0.1:8080</c>. Required, unless workers are discovered.</summary>
    public string Url { get; set; } = "";

    /// <summary>Base addresses of more workers beside <see cref="Url"/>. Each takes calls as it has room.</summary>
    public IList<string> MoreUrls { get; set; } = [];

    /// <summary>Workers beside these say themselves where they are (their <c>Worker:AnnounceUrl</c>). Default false.</summary>
    public bool Discover { get; set; }

    /// <summary>Networks where they may be, in CIDR notation: our token is shown to nobody else. Required with <see cref="Discover"/>.</summary>
    public IList<string> DiscoverNetworks { get; set; } = [];

    /// <summary>Sent as <c>Authorization: Bearer</c>. Required, at least 16 characters. Replaced while the app runs: read anew for each request.</summary>
    public string ControlToken { get; set; } = "";

    /// <summary>Longest wait for the worker's answer, in seconds: 1 to 15. Default 5.</summary>
    public int TimeoutSeconds { get; set; } = 5;

    /// <summary>Every worker that the settings name.</summary>
    internal IEnumerable<string> All => Url.Length > 0 ? MoreUrls.Prepend(Url) : MoreUrls;

    public IEnumerable<string> Faults()
    {
        if (!IsHttp(Url) && !(Discover && Url.Length == 0)) yield return "Url must be an http or https address";
        if (!MoreUrls.All(IsHttp)) yield return "MoreUrls must be http or https addresses";
        for (var i = 0; i < DiscoverNetworks.Count; i++)
            if (!AddressRanges.TryParse(DiscoverNetworks[i], out _)) yield return $"DiscoverNetworks:{i} must be a network such as 10.20.1.0/24";
        if (Discover && DiscoverNetworks.Count == 0) yield return "DiscoverNetworks must name a network, with Discover";
        if (ControlToken.Length < TokenList.MinimumLength || ControlToken.Any(c => c is <= ' ' or > '~'))
            yield return $"ControlToken must be at least {TokenList.MinimumLength} visible ASCII characters";
        if (TimeoutSeconds is < 1 or > 15) yield return "TimeoutSeconds must be 1 to 15";
    }

    private static bool IsHttp(string text) => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https";
}
