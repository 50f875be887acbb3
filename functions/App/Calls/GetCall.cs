using ClickToDial.App.Access;
using ClickToDial.App.Hosting;
using ClickToDial.App.OpenApi;
using ClickToDial.Core.Access;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Calls;

/// <summary><c>GET /api/calls/{id}</c>: one call of the call log.</summary>
public sealed class GetCall(Authorizer authorizer, CallReader reader)
{
    [Function(nameof(GetCall))]
    [Operation("One call of the call log.", Scope = ApiScopes.CallsRead, Response = typeof(CallView), Refusals = [404])]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/calls/{id}")] HttpRequest request, string id, CancellationToken stop)
    {
        var principal = await authorizer.AuthorizeAsync(request, ApiScopes.CallsRead, stop);
        if (!principal.IsOk) return Api.Problem(principal.Problem);
        var call = await reader.ShowAsync(principal.Value, id, stop);
        return call.IsOk ? Api.Json(call.Value, AppJson.Default.CallView) : Api.Problem(call.Problem);
    }
}
