using ClickToDial.App.Access;
using ClickToDial.App.OpenApi;
using ClickToDial.Core.Access;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Calls;

/// <summary><c>POST /api/calls/{id}/resume</c>: takes the other side back. Again is no fault.</summary>
public sealed class ResumeCall(Authorizer authorizer, CallHolder holder)
{
    [Function(nameof(ResumeCall))]
    [Operation("Takes the other side back from hold.", Scope = ApiScopes.CallsWrite, Status = 204, Refusals = [404, 409])]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/calls/{id}/resume")] HttpRequest request, string id, CancellationToken stop) =>
        authorizer.DoAsync(request, ApiScopes.CallsWrite, principal => holder.HoldAsync(principal, id, on: false, stop), stop);
}
