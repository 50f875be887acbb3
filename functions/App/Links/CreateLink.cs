using ClickToDial.App.Access;
using ClickToDial.App.Hosting;
using ClickToDial.App.OpenApi;
using ClickToDial.Core.Access;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Links;

/// <summary><c>POST /api/links</c>: a signed link for one call.</summary>
public sealed class CreateLink(Authorizer authorizer, LinkMaker links)
{
    [Function(nameof(CreateLink))]
    [Operation(
        "Makes a signed link for one call.",
        Caller = CallerKind.Key, Scope = ApiScopes.Sessions, Status = 201, Request = typeof(LinkBody), Response = typeof(LinkView), Refusals = [404])]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/links")] HttpRequest request, CancellationToken stop)
    {
        var principal = await authorizer.AuthorizeAsync(request, ApiScopes.Sessions, stop);
        if (!principal.IsOk) return Api.Problem(principal.Problem);
        var body = await RequestBody.ReadJsonAsync(request, stop);
        if (!body.IsOk) return Api.Problem(body.Problem);
        var link = await links.MakeAsync(principal.Value, body.Value, stop);
        if (!link.IsOk) return Api.Problem(link.Problem);
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        return Api.Json(link.Value, AppJson.Default.LinkView, StatusCodes.Status201Created);
    }
}
