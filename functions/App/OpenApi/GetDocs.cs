using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.OpenApi;

/// <summary><c>GET /docs</c>: this API, for people.</summary>
public sealed class GetDocs
{
    [Function(nameof(GetDocs))]
    [Operation(
        "This description as a page.",
        Details = "It has no script and fetches nothing.",
        Caller = CallerKind.Anyone)]
    public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "docs")] HttpRequest request)
    {
        request.HttpContext.Response.Headers.ContentSecurityPolicy = DocsPage.Policy;
        return Results.Text(DocsPage.Html, "text/html; charset=utf-8");
    }
}
