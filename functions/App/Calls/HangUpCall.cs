using ClickToDial.App.Access;
using ClickToDial.App.OpenApi;
using ClickToDial.Core.Access;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Calls;

/// <summary><c>DELETE /api/calls/{id}</c>: ends a call. Again, or after its end, is no fault.</summary>
public sealed class HangUpCall(Authorizer authorizer, CallEnder ender)
{
    [Function(nameof(HangUpCall))]
    [Operation("Hangs up.", Scope = ApiScopes.CallsWrite, Status = 204, Refusals = [404, 502])]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/calls/{id}")] HttpRequest request, string id, CancellationToken stop) =>
        authorizer.DoAsync(request, ApiScopes.CallsWrite, principal => ender.HangUpAsync(principal, id, stop), stop);
}
