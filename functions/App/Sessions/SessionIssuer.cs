using System.Buffers.Text;
using ClickToDial.Core;
using ClickToDial.Core.Access;
using ClickToDial.Core.Directory;
using ClickToDial.Core.Problems;
using ClickToDial.Core.Sessions;

namespace ClickToDial.App.Sessions;

/// <summary>Makes session tokens for the users of the caller's domain.</summary>
public sealed class SessionIssuer(
    IDirectoryReader directory, SessionOptions options, TurnOptions turn, SigningKeyRing keys, TimeProvider time, IRandomSource random)
{
    private const int TokenIdBytes = 16;

    public async Task<Result<SessionView>> IssueAsync(Principal principal, byte[] body, CancellationToken stop)
    {
        var read = SessionRequest.Read(body, options.Limits());
        if (!read.IsOk) return read.Problem;
        var request = read.Value;
        if (request.Domain is not null && request.Domain != principal.Domain) return KnownProblems.DomainNotAllowed;
        var view = await directory.GetAsync(stop);
        if (!view.Domains[principal.Domain].Users.ContainsKey(request.User)) return KnownProblems.UserUnknown;
        return Sign(Claims(principal.Domain, request));
    }

    /// <summary>For a user who has logged in, for any destination.</summary>
    /// <param name="ends">The login's end, whole seconds.</param>
    /// <param name="tokenId">Of the session that this one continues, whose calls it shares; null for a new one.</param>
    public SessionView IssueLogin(string domain, string user, DateTimeOffset ends, string? tokenId)
    {
        var claims = Claims(domain, new SessionRequest(user, domain, null, null, null, SessionRequest.MaxCalls));
        return Sign(claims with { Login = true, Expires = ends, TokenId = tokenId ?? claims.TokenId });
    }

    private SessionView Sign(SessionClaims claims) =>
        new(SessionTokenWriter.Write(claims, keys.Current), "Bearer", claims.Expires, claims.TokenId, Turn(claims));

    private TurnView? Turn(SessionClaims claims)
    {
        if (turn.Urls.Count == 0) return null;
        var credential = TurnCredential.Make(turn.Secret, claims.TokenId, time.GetUtcNow().AddSeconds(turn.LifetimeSeconds));
        return new TurnView([.. turn.Urls], credential.UserName, credential.Password, credential.ExpiresAt);
    }

    private SessionClaims Claims(string domain, SessionRequest request)
    {
        // Whole seconds, so that the answer says the same as the token.
        var now = DateTimeOffset.FromUnixTimeSeconds(time.GetUtcNow().ToUnixTimeSeconds());
        Span<byte> id = stackalloc byte[TokenIdBytes];
        random.Fill(id);
        return new SessionClaims(
            options.Issuer, options.Audience, Base64Url.EncodeToString(id), domain, request.User, request.Calls,
            now, now, now.AddSeconds(request.LifetimeSeconds ?? options.DefaultSeconds), request.Origin, request.Destinations);
    }
}
