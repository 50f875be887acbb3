namespace ClickToDial.Calls.Hooks;

/// <summary>Whether a session token holds, here and now. The words are those that the functions refuse with.</summary>
internal sealed class SessionTokenCheck(SessionKeys keys, BrowserOptions options, TimeProvider time)
{
    private readonly TimeSpan _skew = TimeSpan.FromSeconds(options.ClockSkewSeconds);

    /// <returns>The claims, or why not; exactly one of them.</returns>
    public async Task<(TokenClaims? Claims, HookRefusal? Why)> CheckAsync(string token, string? origin, CancellationToken stop)
    {
        if (!options.IsOn) return No(403, "browser-calls-off");
        if (SessionToken.TryParse(token) is not { } read) return No(401, "token-malformed");
        // Key, signature and issuer are one answer: a forger need not learn which.
        if (!await keys.VerifiesAsync(read, stop)) return No(401, "token-invalid");
        if (read.Claims() is not { } claims) return No(401, "token-malformed");
        if (claims.Issuer != options.Issuer) return No(401, "token-invalid");
        if (claims.Audience != options.Audience) return No(401, "token-wrong-audience");
        var now = time.GetUtcNow();
        // RFC 7519 section 4.1.4: not on or after exp; the skew is for clocks that differ.
        if (now - _skew >= claims.Expires) return No(401, "token-expired");
        if (now + _skew < claims.NotBefore || now + _skew < claims.IssuedAt) return No(401, "token-not-yet-valid");
        return claims.Origin is null || IsSameOrigin(claims.Origin, origin) ? (claims, null) : No(403, "token-wrong-origin");
    }

    // RFC 6454 section 5: scheme, host and port as a whole; browsers write them in one way, and tokens carry that form.
    private static bool IsSameOrigin(string bound, string? origin) => string.Equals(bound, origin, StringComparison.OrdinalIgnoreCase);

    private static (TokenClaims?, HookRefusal?) No(int status, string slug) => (null, new HookRefusal(status, slug));
}
