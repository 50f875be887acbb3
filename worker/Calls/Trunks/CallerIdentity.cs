using ClickToDial.Sip.Messages;

namespace ClickToDial.Calls.Trunks;

/// <summary>Who a request says is calling, and what of it may be shown.</summary>
/// <param name="User">User part or number as it came, not rewritten; null where the caller is not to be had.</param>
/// <param name="DisplayName">At most 64 characters; null where there is none.</param>
/// <param name="IsPrivate">The caller does not want to be shown (RFC 3323, RFC 3325 section 9.3).</param>
public readonly record struct CallerIdentity(string? User, string? DisplayName, bool IsPrivate)
{
    private const int LongestName = 64;

    /// <param name="trusted">The sender is of our trust domain, so its P-Asserted-Identity is worth something (RFC 3325 section 8).</param>
    public static CallerIdentity Of(SipRequest request, bool trusted)
    {
        ArgumentNullException.ThrowIfNull(request);
        var hidden = WantsPrivacy(request.Headers);
        var asserted = trusted ? Asserted(request.Headers) : null;
        var shown = asserted ?? request.From;
        if (asserted is null && IsAnonymous(request.From.Uri)) return new CallerIdentity(null, null, IsPrivate: true);
        var user = shown.Uri.User;
        return new CallerIdentity(string.IsNullOrEmpty(user) ? null : user, Shortened(shown.DisplayName), hidden || IsAnonymous(request.From.Uri));
    }

    /// <summary>True for <c>Privacy: id</c> and what asks for more (RFC 3323 section 4.2, RFC 3325 section 9.3); <c>none</c> overrides all.</summary>
    public static bool WantsPrivacy(SipHeaders headers)
    {
        ArgumentNullException.ThrowIfNull(headers);
        var wanted = false;
        foreach (var value in headers.GetList(HeaderName.Privacy))
            foreach (var token in value.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                if (token.Equals("none", StringComparison.OrdinalIgnoreCase)) return false;
                wanted |= token.Equals("id", StringComparison.OrdinalIgnoreCase) || token.Equals("user", StringComparison.OrdinalIgnoreCase)
                    || token.Equals("header", StringComparison.OrdinalIgnoreCase);
            }
        return wanted;
    }

    /// <summary>The first of at most two identities that is a SIP or tel URI (RFC 3325 section 9.1); null when none can be read.</summary>
    public static NameAddress? Asserted(SipHeaders headers)
    {
        ArgumentNullException.ThrowIfNull(headers);
        foreach (var value in headers.GetList(HeaderName.PAssertedIdentity))
            if (NameAddress.TryParse(value, out var address) && (address.Uri.IsSip || address.Uri.IsTel) && address.Uri.User is { Length: > 0 })
                return address;
        return null;
    }

    private static bool IsAnonymous(SipUri uri) =>
        uri.Host.Equals("anonymous.invalid", StringComparison.OrdinalIgnoreCase)
        || (uri.User is { } user && user.Equals("anonymous", StringComparison.OrdinalIgnoreCase));

    private static string? Shortened(string? name)
    {
        if (string.IsNullOrWhiteSpace(name)) return null;
        if (name.Length <= LongestName) return name;
        return name[..(char.IsHighSurrogate(name[LongestName - 1]) ? LongestName - 1 : LongestName)];
    }
}
