using System.Net;
using ClickToDial.Core.Egress;

namespace ClickToDial.Core.Deliveries;

/// <summary>Where a subscriber wants its events.</summary>
public static class WebhookUrl
{
    public const int MaxLength = 2000;

    /// <summary>Names are looked up when something is sent; an address in the URL is checked now, so that the mistake is seen at once.</summary>
    public static bool TryParse(string? text, EgressRules rules, bool allowPlainHttp, out Uri url)
    {
        url = new Uri("about:blank");
        if (text is null || text.Length > MaxLength || text.Any(c => c is <= ' ' or > '~' or '\\')) return false;
        // Escaping makes it longer, and the escaped form is what is kept.
        if (!Uri.TryCreate(text, UriKind.Absolute, out var parsed) || parsed.AbsoluteUri.Length > MaxLength) return false;
        if (parsed.Scheme != Uri.UriSchemeHttps && !(allowPlainHttp && parsed.Scheme == Uri.UriSchemeHttp)) return false;
        if (parsed.UserInfo.Length > 0 || parsed.Fragment.Length > 0 || parsed.Port is < 1 or > 65535 || parsed.OriginalString.Contains('#', StringComparison.Ordinal)) return false;
        if (parsed.HostNameType is not (UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6) || parsed.Host.Length == 0) return false;
        // A number with its dots left out or written in hex is an address for some and a name for others: nobody means it.
        if (parsed.HostNameType == UriHostNameType.Dns && parsed.Host.TrimEnd('.') is var name && (name.Length == 0 || char.IsAsciiDigit(name[name.LastIndexOf('.') + 1]))) return false;
        if (parsed.HostNameType != UriHostNameType.Dns && (!IPAddress.TryParse(parsed.Host.Trim('[', ']'), out var address) || !rules.Allows(address))) return false;
        url = parsed;
        return true;
    }
}
