using ClickToDial.App.Access;
using ClickToDial.App.Hosting;
using ClickToDial.App.OpenApi;
using ClickToDial.Core.Access;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Deliveries;

/// <summary><c>POST /api/webhooks/{id}/deliveries/{delivery}/replay</c>: sends one again.</summary>
public sealed class ReplayDelivery(Authorizer authorizer, DeliveryDesk desk)
{
    [Function(nameof(ReplayDelivery))]
    [Operation("Sends a delivery again, under the same webhook-id.", Caller = CallerKind.Key, Scope = ApiScopes.Webhooks, Status = 202, Refusals = [404])]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/webhooks/{id:length(18)}/deliveries/{delivery}/replay")] HttpRequest request, string id, string delivery, CancellationToken stop)
    {
        var principal = await authorizer.AuthorizeAsync(request, ApiScopes.Webhooks, stop);
        if (!principal.IsOk) return Api.Problem(principal.Problem);
        return await desk.ReplayAsync(principal.Value, id, delivery, stop) is { } problem ? Api.Problem(problem) : Results.Accepted();
    }
}
