using System.Net;
using ClickToDial.Core.Access;
using ClickToDial.Core.Sessions;

namespace ClickToDial.Core.Actions.Chains;

/// <summary>The session token that a chain was begun or gone on with: the calls that the chain then makes are the token's, by the same limits.</summary>
/// <param name="TokenId">Its id, which lets nobody in.</param>
/// <param name="Calls">How many calls the token is good for, ever.</param>
/// <param name="From">Address of who held it, or null where that is not known or does not count.</param>
/// <param name="ChargedOnly">An API key began the chain, which goes on calling when the token has expired; the calls are the token's all the same.</param>
public sealed record ChainToken(string TokenId, int Calls, DateTimeOffset Expires, string? From = null, bool ChargedOnly = false)
{
    /// <summary>Whether a new call is refused because the token has expired.</summary>
    public bool Stops(DateTimeOffset now) => !ChargedOnly && Expires <= now;

    public static ChainToken? Of(Principal principal) =>
        principal.Token is { } token ? new ChainToken(token.TokenId, token.Calls, token.Expires, principal.From?.ToString()) : null;

    /// <summary>Who calls, under the name that a chain goes by.</summary>
    public Principal Caller(string name, string domain, string user)
    {
        var claims = new SessionClaims("", "", TokenId, domain, user, Calls, DateTimeOffset.MinValue, DateTimeOffset.MinValue, Expires);
        return Principal.Of(claims, IPAddress.TryParse(From, out var from) ? from : null) with { Id = name };
    }
}
