using ClickToDial.App.Access;
using ClickToDial.App.Hosting;
using ClickToDial.App.OpenApi;
using ClickToDial.Core.Access;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Webhooks;

/// <summary><c>POST /api/webhooks/poison/{id}/replay</c>: puts an event that was set aside back into the queue.</summary>
public sealed class ReplayPoison(Authorizer authorizer, PoisonDesk desk)
{
    [Function(nameof(ReplayPoison))]
    [Operation(
        "Puts an event that was set aside back into the queue.",
        Caller = CallerKind.Key, Scope = ApiScopes.Admin, Status = 202, Refusals = [404])]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/webhooks/poison/{id}/replay")] HttpRequest request,
        string id, CancellationToken stop)
    {
        var principal = await authorizer.AuthorizeAsync(request, ApiScopes.Admin, stop);
        if (!principal.IsOk) return Api.Problem(principal.Problem);
        return await desk.ReplayAsync(principal.Value, id, stop) is { } problem ? Api.Problem(problem) : Results.Accepted();
    }
}
