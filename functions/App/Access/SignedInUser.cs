using ClickToDial.Core.Problems;
using ClickToDial.Core.Sessions;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Access;

/// <summary>Who is signed in here, by the session that a login has become (V5): a session token in a cookie, or as a query value.</summary>
public sealed class SignedInUser(SessionTokenValidator tokens, TimeProvider time)
{
    public const string Name = "session";

    /// <summary>For pages that a browser opens itself: the cookie alone counts, and only for that user.</summary>
    public bool Is(HttpRequest request, string domain, string user) =>
        request.Cookies[Name] is { } cookie && Read(cookie) is { IsOk: true, Value: var claims } && claims.Domain == domain && claims.User == user;

    /// <summary>By cookie, or by query for browsers that drop the cookie, or by <c>Authorization: Bearer</c>.</summary>
    public Result<SessionClaims> Find(HttpRequest request)
    {
        var presented = request.Cookies[Name] ?? (request.Query[Name] is [{ Length: > 0 } value] ? value : Authorizer.BearerToken(request));
        return presented is null ? KnownProblems.CredentialsMissing : Read(presented);
    }

    private Result<SessionClaims> Read(string token)
    {
        var (verdict, claims) = tokens.Validate(token, time.GetUtcNow());
        return SessionPolicy.ToProblem(verdict) is { } problem ? problem : claims!;
    }
}
