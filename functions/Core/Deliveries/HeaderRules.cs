using System.Buffers;

namespace ClickToDial.Core.Deliveries;

/// <summary>Extra headers that a subscriber may want on its deliveries: none that frame the message, name the host or are ours.</summary>
public static class HeaderRules
{
    public const int MaxCount = 16;
    public const int MaxName = 64;
    public const int MaxValue = 1024;

    // RFC 9110 section 5.6.2.
    private static readonly SearchValues<char> Token =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    // RFC 9110 section 7.6.1 and RFC 9113 section 8.2.2 for those of one hop; the others are the sender's business.
    private static readonly HashSet<string> Closed = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Keep-Alive", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "HTTP2-Settings", "Host", "Expect", "Via", "Date",
        "Accept-Encoding", "User-Agent", "Traceparent", "Tracestate", "Baggage", "Request-Id", "X-Pbx-Token", "Forwarded", "Max-Forwards", "Range",
    };

    private static readonly string[] ClosedPrefixes = ["Content-", "Proxy-", "webhook-", "X-Forwarded-", "Sec-", ":"];

    public static bool IsAllowed(string name, string value) =>
        name.Length is > 0 and <= MaxName && !name.AsSpan().ContainsAnyExcept(Token)
        && !Closed.Contains(name) && !ClosedPrefixes.Any(p => name.StartsWith(p, StringComparison.OrdinalIgnoreCase))
        && IsValue(value);

    /// <summary>Visible ASCII with single blanks inside (RFC 9110 section 5.5): nothing that could end the line.</summary>
    private static bool IsValue(string value) =>
        value.Length is > 0 and <= MaxValue && value[0] != ' ' && value[^1] != ' ' && value.All(c => c is >= ' ' and <= '~');
}
