using System.Net;
using ClickToDial.Core.Sessions;

namespace ClickToDial.Core.Access;

/// <summary>Who asks: an API key of a domain, or a user holding a session token.</summary>
/// <param name="Id">
/// Stable name under which idempotency keys are kept. For tokens it names the user, not the token, so that a page which renews
/// its token and repeats a request does not call twice.
/// </param>
/// <param name="Token">Null for an API key.</param>
/// <param name="From">Where somebody who holds a token is; null where that is not known, or does not count.</param>
public sealed record Principal(string Id, string Domain, ApiScopes Scopes, SessionClaims? Token, IPAddress? From = null)
{
    public static Principal Of(ApiKeyRecord key) =>
        new($"key:{key.Id}", key.Domain, key.Scopes.HasFlag(ApiScopes.Admin) ? key.Scopes | ApiScopes.Buttons : key.Scopes, null);

    public static Principal Of(SessionClaims token, IPAddress? from = null) =>
        new($"user:{token.User}", token.Domain, ApiScopes.CallsWrite | ApiScopes.CallsRead, token, from);

    public bool IsPhone { get; private init; }

    /// <summary>A phone that a worker knows by its password.</summary>
    public static Principal OfPhone(string domain, string user, IPAddress? from) => new($"user:{user}", domain, ApiScopes.CallsWrite, null, from) { IsPhone = true };

    /// <summary>The user that the principal is confined to, or null for all of the domain.</summary>
    public string? OnlyUser => Token?.User;
}
