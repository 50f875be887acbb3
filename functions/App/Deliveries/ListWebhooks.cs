using ClickToDial.App.Access;
using ClickToDial.App.Hosting;
using ClickToDial.App.OpenApi;
using ClickToDial.Core.Access;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Deliveries;

/// <summary><c>GET /api/webhooks</c>: the subscriptions of the domain.</summary>
public sealed class ListWebhooks(Authorizer authorizer, SubscriptionDesk desk)
{
    [Function(nameof(ListWebhooks))]
    [Operation("The webhook subscriptions of the domain.", Caller = CallerKind.Key, Scope = ApiScopes.Webhooks, Response = typeof(WebhookListView))]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/webhooks")] HttpRequest request, CancellationToken stop)
    {
        var principal = await authorizer.AuthorizeAsync(request, ApiScopes.Webhooks, stop);
        if (!principal.IsOk) return Api.Problem(principal.Problem);
        return Api.Json(await desk.ListAsync(principal.Value, stop), AppJson.Default.WebhookListView);
    }
}
