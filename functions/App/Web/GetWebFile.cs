using ClickToDial.App.Hosting;
using ClickToDial.Core.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ClickToDial.App.Web;

/// <summary>
/// <c>GET /web/...</c>: the button's script, for pages of any origin. There is nothing secret in it, and what it may do is decided by the
/// session token that the page gives it.
/// </summary>
public sealed class GetWebFile(WebFiles files)
{
    /// <param name="path">Null where the URL ends at the folder.</param>
    [Function(nameof(GetWebFile))]
    public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "web/{*path}")] HttpRequest request, string? path)
    {
        if (files.Find(path ?? "") is not { } file) return Api.Problem(KnownProblems.FileNotFound);
        var headers = request.HttpContext.Response.Headers;
        headers.AccessControlAllowOrigin = "*";
        headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = file.IsNamedByContent ? "public, max-age=31536000, immutable" : "public, max-age=300";
        headers.Vary = HeaderNames.AcceptEncoding;
        headers.ETag = file.Tag;
        if (request.Headers.IfNoneMatch.Contains(file.Tag)) return Results.StatusCode(StatusCodes.Status304NotModified);
        if (file.Compressed is null || !TakesGzip(request)) return Results.Bytes(file.Plain, file.ContentType);
        headers.ContentEncoding = "gzip";
        return Results.Bytes(file.Compressed, file.ContentType);
    }

    private static bool TakesGzip(HttpRequest request) =>
        StringWithQualityHeaderValue.TryParseList(request.Headers.AcceptEncoding, out var codings)
        && codings.Any(coding => coding.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase) && coding.Quality != 0);
}
