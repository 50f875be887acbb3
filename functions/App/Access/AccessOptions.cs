using ClickToDial.App.Hosting;
using ClickToDial.Core.Access;

namespace ClickToDial.App.Access;

/// <summary>Whose word counts about where a request comes from, and how much an API key may ask.</summary>
public sealed class AccessOptions : ICheckedOptions
{
    public const string Section = "Access";

    /// <summary>Networks of the proxies before us, in CIDR notation: only what they say in <c>X-Forwarded-For</c> counts.</summary>
    public IList<string> TrustedProxies { get; } = [];

    /// <summary>Requests that one API key may make in a minute at each instance of the app, 1 to 1000000. Default 600.</summary>
    public int RequestsPerMinute { get; set; } = 600;

    public IEnumerable<string> Faults()
    {
        for (var i = 0; i < TrustedProxies.Count; i++)
            if (!AddressRanges.TryParse(TrustedProxies[i], out _)) yield return $"TrustedProxies:{i} must be a network such as 10.0.0.0/8 or fd00::/8";
        if (RequestsPerMinute is < 1 or > 1_000_000) yield return "RequestsPerMinute must be 1 to 1000000";
    }
}
