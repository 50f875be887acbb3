using ClickToDial.Calls.Directory;
using ClickToDial.Sip.Authentication;
using ClickToDial.Sip.Messages;

namespace ClickToDial.Calls.Hooks;

/// <summary>
/// How a session token stands in a SIP request: as a bearer token (RFC 8898), or, for clients that speak digest alone, as the user name of
/// digest credentials whose password is the token's last part. Either way no password of a device is in a page.
/// </summary>
internal static class TokenCredentials
{
    private const string Bearer = "Bearer ";

    /// <summary>The bearer token; null when there is none.</summary>
    public static string? BearerOf(SipRequest request)
    {
        foreach (var name in new[] { HeaderName.Authorization, HeaderName.ProxyAuthorization })
        {
            foreach (var value in request.Headers.GetAll(name))
                if (value.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)) return value[Bearer.Length..].Trim();
        }
        return null;
    }

    /// <summary>True when the request's digest credentials name a token.</summary>
    public static bool HasDigest(SipRequest request)
    {
        foreach (var name in new[] { HeaderName.Authorization, HeaderName.ProxyAuthorization })
        {
            foreach (var value in request.Headers.GetAll(name))
                if (AuthHeader.TryParse(value, out var header) && header is { IsDigest: true } && header["username"] is { } user && IsToken(user)) return true;
        }
        return false;
    }

    /// <summary>What digest credentials of a token are to be made with; null for another user name.</summary>
    public static DigestSecret? SecretOf(string userName, string realm) =>
        IsToken(userName) ? DigestSecret.FromPassword(userName, realm, userName[(userName.LastIndexOf('.') + 1)..]) : null;

    // No account has a dot twice and this length; whether it is a token of ours is looked at later.
    private static bool IsToken(string userName) => userName.Length > 100 && SessionToken.TryParse(userName) is not null;
}
