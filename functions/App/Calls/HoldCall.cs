using ClickToDial.App.Access;
using ClickToDial.App.OpenApi;
using ClickToDial.Core.Access;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Calls;

/// <summary><c>POST /api/calls/{id}/hold</c>: the other side hears music until it is taken back. Again is no fault.</summary>
public sealed class HoldCall(Authorizer authorizer, CallHolder holder)
{
    [Function(nameof(HoldCall))]
    [Operation("Puts the other side on hold.", Scope = ApiScopes.CallsWrite, Status = 204, Refusals = [404, 409])]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/calls/{id}/hold")] HttpRequest request, string id, CancellationToken stop) =>
        authorizer.DoAsync(request, ApiScopes.CallsWrite, principal => holder.HoldAsync(principal, id, on: true, stop), stop);
}
