using ClickToDial.App.Access;
using ClickToDial.App.Hosting;
using ClickToDial.App.OpenApi;
using ClickToDial.Core.Access;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Webhooks;

/// <summary><c>GET /api/webhooks/poison</c>: events that could not be processed, with the reason.</summary>
public sealed class ListPoison(Authorizer authorizer, PoisonDesk desk)
{
    [Function(nameof(ListPoison))]
    [Operation(
        "Events that could not be processed, with the reason.",
        Caller = CallerKind.Key, Scope = ApiScopes.Admin, Response = typeof(PoisonPageView), Query = ["cursor"])]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/webhooks/poison")] HttpRequest request, CancellationToken stop)
    {
        var principal = await authorizer.AuthorizeAsync(request, ApiScopes.Admin, stop);
        if (!principal.IsOk) return Api.Problem(principal.Problem);
        var page = await desk.ListAsync(principal.Value, request.Query["cursor"], stop);
        return page.IsOk ? Api.Json(page.Value, AppJson.Default.PoisonPageView) : Api.Problem(page.Problem);
    }
}
