using ClickToDial.App.Access;
using ClickToDial.App.Hosting;
using ClickToDial.App.OpenApi;
using ClickToDial.Core.Access;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Deliveries;

/// <summary><c>POST /api/webhooks/{id}/replay</c>: sends those of a time, or all that failed, again.</summary>
public sealed class ReplayDeliveries(Authorizer authorizer, DeliveryDesk desk)
{
    [Function(nameof(ReplayDeliveries))]
    [Operation(
        "Sends deliveries again: those of a time, all that failed, or both; 200 at once, newest first, and a cursor to go on with.",
        Caller = CallerKind.Key, Scope = ApiScopes.Webhooks, Request = typeof(ReplayBody), Response = typeof(ReplayView), Refusals = [404])]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/webhooks/{id:length(18)}/replay")] HttpRequest request, string id, CancellationToken stop)
    {
        var principal = await authorizer.AuthorizeAsync(request, ApiScopes.Webhooks, stop);
        if (!principal.IsOk) return Api.Problem(principal.Problem);
        var body = await RequestBody.ReadJsonAsync(request, stop);
        if (!body.IsOk) return Api.Problem(body.Problem);
        var replayed = await desk.ReplayAsync(principal.Value, id, body.Value, stop);
        if (!replayed.IsOk) return Api.Problem(replayed.Problem);
        return Api.Json(replayed.Value, AppJson.Default.ReplayView);
    }
}
