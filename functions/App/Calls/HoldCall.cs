using ClickToDial.App.Access;
using ClickToDial.App.Hosting;
using ClickToDial.App.OpenApi;
using ClickToDial.Core.Access;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Calls;

/// <summary><c>POST /api/calls/{id}/hold</c>: the other side hears music until it is taken back. Again is no fault.</summary>
public sealed class HoldCall(Authorizer authorizer, CallHolder holder)
{
    [Function(nameof(HoldCall))]
    [Operation("Puts the other side on hold.", Scope = ApiScopes.CallsWrite, Status = 204, Refusals = [404, 409])]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/calls/{id}/hold")] HttpRequest request, string id, CancellationToken stop)
    {
        var principal = await authorizer.AuthorizeAsync(request, ApiScopes.CallsWrite, stop);
        if (!principal.IsOk) return Api.Problem(principal.Problem);
        var problem = await holder.HoldAsync(principal.Value, id, on: true, stop);
        return problem is null ? Results.NoContent() : Api.Problem(problem);
    }
}
