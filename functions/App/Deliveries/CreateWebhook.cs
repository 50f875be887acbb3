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
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/webhooks")] HttpRequest request, CancellationToken stop) =>
        authorizer.MakeAsync(request, ApiScopes.Webhooks, (principal, body) => desk.CreateAsync(principal, body, stop), AppJson.Default.WebhookView, stop);
}
