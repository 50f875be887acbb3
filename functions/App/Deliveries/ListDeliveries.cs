using ClickToDial.App.Access;
using ClickToDial.App.Hosting;
using ClickToDial.App.OpenApi;
using ClickToDial.Core.Access;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Deliveries;

/// <summary><c>GET /api/webhooks/{id}/deliveries</c>: what became of deliveries, newest first.</summary>
public sealed class ListDeliveries(Authorizer authorizer, DeliveryDesk desk)
{
    [Function(nameof(ListDeliveries))]
    [Operation(
        "What became of deliveries: all, newest first, or those pending, delivered or dead.",
        Caller = CallerKind.Key, Scope = ApiScopes.Webhooks, Response = typeof(DeliveryPageView), Query = ["status", "cursor"], Refusals = [404])]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/webhooks/{id:length(18)}/deliveries")] HttpRequest request, string id, CancellationToken stop)
    {
        var principal = await authorizer.AuthorizeAsync(request, ApiScopes.Webhooks, stop);
        if (!principal.IsOk) return Api.Problem(principal.Problem);
        var page = await desk.ListAsync(principal.Value, id, request.Query["status"], request.Query["cursor"], stop);
        if (!page.IsOk) return Api.Problem(page.Problem);
        return Api.Json(page.Value, AppJson.Default.DeliveryPageView);
    }
}
