using ClickToDial.App.Access;
using ClickToDial.App.Hosting;
using ClickToDial.App.OpenApi;
using ClickToDial.Core.Access;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Deliveries;

/// <summary><c>DELETE /api/webhooks/{id}</c>: ends a subscription, with everything that waits.</summary>
public sealed class DeleteWebhook(Authorizer authorizer, SubscriptionDesk desk)
{
    [Function(nameof(DeleteWebhook))]
    [Operation("Ends a subscription. What still waits for it is not sent.", Caller = CallerKind.Key, Scope = ApiScopes.Webhooks, Status = 204, Refusals = [404])]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/webhooks/{id:length(18)}")] HttpRequest request, string id, CancellationToken stop)
    {
        var principal = await authorizer.AuthorizeAsync(request, ApiScopes.Webhooks, stop);
        if (!principal.IsOk) return Api.Problem(principal.Problem);
        return await desk.DeleteAsync(principal.Value, id, stop) is { } problem ? Api.Problem(problem) : Results.NoContent();
    }
}
