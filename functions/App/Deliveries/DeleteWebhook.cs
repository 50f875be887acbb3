using ClickToDial.App.Access;
using ClickToDial.App.OpenApi;
using ClickToDial.Core.Access;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Deliveries;

/// <summary><c>DELETE /api/webhooks/{id}</c>: ends a subscription, with everything that waits.</summary>
public sealed class DeleteWebhook(Authorizer authorizer, SubscriptionDesk desk)
{
    [Function(nameof(DeleteWebhook))]
    [Operation("Ends a subscription. What still waits for it is not sent.", Caller = CallerKind.Key, Scope = ApiScopes.Webhooks, Status = 204, Refusals = [404])]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/webhooks/{id:length(18)}")] HttpRequest request, string id, CancellationToken stop) =>
        authorizer.DoAsync(request, ApiScopes.Webhooks, principal => desk.DeleteAsync(principal, id, stop), stop);
}
