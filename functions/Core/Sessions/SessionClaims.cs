namespace ClickToDial.Core.Sessions;

/// <summary>What a session token says. Times are whole seconds (RFC 7519 section 2, NumericDate).</summary>
/// <param name="TokenId"><c>jti</c>.</param>
/// <param name="User"><c>sub</c>: user name within <paramref name="Domain"/>.</param>
/// <param name="Origin">The page's origin that may use it, or null for any.</param>
/// <param name="Destinations">Numbers, names or number prefixes ending in <c>*</c> that may be called; null for all.</param>
/// <param name="Calls">How many calls it is good for, ever.</param>
/// <param name="Login">It is the session of a user who has logged in; one that a server made for a page is none.</param>
public sealed record SessionClaims(
    string Issuer,
    string Audience,
    string TokenId,
    string Domain,
    string User,
    int Calls,
    DateTimeOffset IssuedAt,
    DateTimeOffset NotBefore,
    DateTimeOffset Expires,
    string? Origin = null,
    IReadOnlyList<string>? Destinations = null,
    bool Login = false);
