using ClickToDial.App.Access;
using ClickToDial.App.Hosting;
using ClickToDial.App.OpenApi;
using ClickToDial.Core.Access;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Deliveries;

/// <summary><c>GET /api/webhooks/{id}</c>: one subscription.</summary>
public sealed class GetWebhook(Authorizer authorizer, SubscriptionDesk desk)
{
    [Function(nameof(GetWebhook))]
    [Operation("A webhook subscription.", Caller = CallerKind.Key, Scope = ApiScopes.Webhooks, Response = typeof(WebhookView), Refusals = [404])]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/webhooks/{id:length(18)}")] HttpRequest request, string id, CancellationToken stop)
    {
        var principal = await authorizer.AuthorizeAsync(request, ApiScopes.Webhooks, stop);
        if (!principal.IsOk) return Api.Problem(principal.Problem);
        var found = await desk.GetAsync(principal.Value, id, stop);
        if (!found.IsOk) return Api.Problem(found.Problem);
        return Api.Json(found.Value, AppJson.Default.WebhookView);
    }
}
