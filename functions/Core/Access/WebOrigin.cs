namespace ClickToDial.Core.Access;

/// <summary>
/// Origins of web pages (RFC 6454), compared as a whole: scheme, exact host and port. Never by prefix, suffix or substring, so
/// that <c>https://crm.example.com.evil.example</c> is not <c>https://crm.example.com</c>.
/// </summary>
public static class WebOrigin
{
    public const int MaxLength = 300;

    /// <summary>The serialised form of RFC 6454 section 6.2: lower case, without the default port; null for anything but http and https.</summary>
    public static string? Normalize(string? text)
    {
        if (text is null || text.Length > MaxLength || !Uri.TryCreate(text, UriKind.Absolute, out var uri)) return null;
        if (uri.Scheme is not ("http" or "https") || uri.HostNameType is UriHostNameType.Unknown) return null;
        if (uri.UserInfo.Length > 0 || uri.AbsolutePath != "/" || uri.Query.Length > 0 || uri.Fragment.Length > 0) return null;
        return text.EndsWith('/') ? null : uri.GetLeftPart(UriPartial.Authority);
    }

    public static bool Same(string? a, string? b) => Normalize(a) is { } left && Normalize(b) == left;
}
