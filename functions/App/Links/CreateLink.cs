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
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/links")] HttpRequest request, CancellationToken stop) =>
        authorizer.MakeAsync(request, ApiScopes.Sessions, (principal, body) => links.MakeAsync(principal, body, stop), AppJson.Default.LinkView, stop);
}
