using ClickToDial.App.Access;
using ClickToDial.App.Hosting;
using ClickToDial.App.OpenApi;
using ClickToDial.Core.Access;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Deliveries;

/// <summary><c>PATCH /api/webhooks/{id}</c>: changes what is said, and makes new secrets.</summary>
public sealed class ChangeWebhook(Authorizer authorizer, SubscriptionDesk desk)
{
    [Function(nameof(ChangeWebhook))]
    [Operation(
        "Changes what is said of a subscription. After a new secret the older ones go on signing for a while.",
        Caller = CallerKind.Key, Scope = ApiScopes.Webhooks, Request = typeof(WebhookBody), Response = typeof(WebhookView), Refusals = [404, 422])]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "patch", Route = "api/webhooks/{id:length(18)}")] HttpRequest request, string id, CancellationToken stop)
    {
        var principal = await authorizer.AuthorizeAsync(request, ApiScopes.Webhooks, stop);
        if (!principal.IsOk) return Api.Problem(principal.Problem);
        var body = await RequestBody.ReadJsonAsync(request, stop);
        if (!body.IsOk) return Api.Problem(body.Problem);
        var changed = await desk.ChangeAsync(principal.Value, id, body.Value, stop);
        if (!changed.IsOk) return Api.Problem(changed.Problem);
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        return Api.Json(changed.Value, AppJson.Default.WebhookView);
    }
}
