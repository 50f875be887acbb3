using ClickToDial.Core.Problems;
using ClickToDial.Core.Sessions;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Access;

/// <summary>Who is signed in here, by the session that a login has become (V5): a session token in a cookie, or as <c>Authorization: Bearer</c>.</summary>
public sealed class SignedInUser(SessionTokenValidator tokens, TimeProvider time)
{
    public const string Name = "session";

    /// <summary>For pages that a browser opens itself: the cookie alone counts, and only for that user.</summary>
    public bool Is(HttpRequest request, string domain, string user) =>
        request.Cookies[Name] is { } cookie && Read(cookie) is { IsOk: true, Value: var claims } && claims.Domain == domain && claims.User == user;

    /// <summary>
    /// By cookie, or by <c>Authorization: Bearer</c> for browsers that drop it; never by query, which logs keep and others can link to.
    /// A token that a server made for a page is narrower than a login, so it is none.
    /// </summary>
    public Result<SessionClaims> Find(HttpRequest request)
    {
        if ((request.Cookies[Name] ?? Authorizer.BearerToken(request)) is not { } presented) return KnownProblems.CredentialsMissing;
        var read = Read(presented);
        return read.IsOk && !read.Value.Login ? KnownProblems.ScopeMissing : read;
    }

    private Result<SessionClaims> Read(string token)
    {
        var (verdict, claims) = tokens.Validate(token, time.GetUtcNow());
        return SessionPolicy.ToProblem(verdict) is { } problem ? problem : claims!;
    }
}
