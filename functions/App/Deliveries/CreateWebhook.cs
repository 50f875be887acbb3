using ClickToDial.App.Access;
using ClickToDial.App.Hosting;
using ClickToDial.App.OpenApi;
using ClickToDial.Core.Access;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Deliveries;

/// <summary><c>POST /api/webhooks</c>: subscribes to events; the secrets are shown this once.</summary>
public sealed class CreateWebhook(Authorizer authorizer, SubscriptionDesk desk)
{
    [Function(nameof(CreateWebhook))]
    [Operation(
        "Subscribes to events. The signing secret and the token are shown this once.",
        Caller = CallerKind.Key, Scope = ApiScopes.Webhooks, Status = 201, Request = typeof(WebhookBody), Response = typeof(WebhookView), Refusals = [409, 422])]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/webhooks")] HttpRequest request, CancellationToken stop)
    {
        var principal = await authorizer.AuthorizeAsync(request, ApiScopes.Webhooks, stop);
        if (!principal.IsOk) return Api.Problem(principal.Problem);
        var body = await RequestBody.ReadJsonAsync(request, stop);
        if (!body.IsOk) return Api.Problem(body.Problem);
        var made = await desk.CreateAsync(principal.Value, body.Value, stop);
        if (!made.IsOk) return Api.Problem(made.Problem);
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        return Api.Json(made.Value, AppJson.Default.WebhookView, StatusCodes.Status201Created);
    }
}
