using ClickToDial.Core.Access;
using ClickToDial.Core.Directory;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ClickToDial.App.Access;

/// <summary>
/// Lets the pages of named origins read the answers of <c>/api/calls</c> and <c>/rest</c>. A preflight and a refusal carry no known domain, so any
/// domain's origin will do there; once the caller is known, only an origin of the caller's own domain.
/// </summary>
public sealed class CorsHeaders(IDirectoryReader directory)
{
    private const string Exposed = "Location, Retry-After, Idempotency-Replayed, ETag";
    private const string AllowedHeaders = "Authorization, Content-Type, Idempotency-Key";
    private const string MaxAgeSeconds = "600";

    public async ValueTask ApplyAsync(HttpContext http)
    {
        var isLogin = http.Request.Path.StartsWithSegments("/rest", StringComparison.OrdinalIgnoreCase);
        if (!isLogin && !http.Request.Path.StartsWithSegments("/api/calls", StringComparison.OrdinalIgnoreCase)) return;
        var headers = http.Response.Headers;
        headers.Append(HeaderNames.Vary, HeaderNames.Origin);
        if (http.Request.Headers.Origin is not [{ } origin]) return;
        // An old view will do: while storage is down a page should still be able to read why its request failed.
        var view = directory.Latest ?? await directory.GetAsync(http.RequestAborted);
        if (WebOrigin.Normalize(origin) != origin || !view.AllOrigins.Contains(origin)) return;
        headers.AccessControlAllowOrigin = origin;
        headers.AccessControlExposeHeaders = Exposed;
        // A login is kept in a cookie; calls are made with a token that the page holds.
        if (isLogin) headers.AccessControlAllowCredentials = "true";
    }

    /// <summary>The caller's domain is known now.</summary>
    public static void Narrow(HttpContext http, DomainView domain)
    {
        if (http.Response.Headers.AccessControlAllowOrigin is not [{ } origin] || domain.Origins.Contains(origin)) return;
        http.Response.Headers.Remove(HeaderNames.AccessControlAllowOrigin);
        http.Response.Headers.Remove(HeaderNames.AccessControlExposeHeaders);
        http.Response.Headers.Remove(HeaderNames.AccessControlAllowCredentials);
    }

    /// <summary>Answers a preflight: with the permissions if the origin was named, without them if not.</summary>
    public static IResult Preflight(HttpRequest request, string methods)
    {
        var headers = request.HttpContext.Response.Headers;
        if (headers.AccessControlAllowOrigin.Count > 0)
        {
            headers.AccessControlAllowMethods = methods;
            headers.AccessControlAllowHeaders = AllowedHeaders;
            headers.AccessControlMaxAge = MaxAgeSeconds;
        }

        return Results.NoContent();
    }
}
