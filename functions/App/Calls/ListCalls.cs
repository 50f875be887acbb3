using ClickToDial.App.Access;
using ClickToDial.App.Hosting;
using ClickToDial.Core.Access;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Calls;

/// <summary><c>GET /api/calls</c>: the call log, newest first, filtered and in pages.</summary>
public sealed class ListCalls(Authorizer authorizer, CallReader reader)
{
    [Function(nameof(ListCalls))]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/calls")] HttpRequest request, CancellationToken stop)
    {
        var principal = await authorizer.AuthorizeAsync(request, ApiScopes.CallsRead, stop);
        if (!principal.IsOk) return Api.Problem(principal.Problem);
        var page = await reader.ListAsync(principal.Value, name => request.Query[name], stop);
        return page.IsOk ? Api.Json(page.Value, AppJson.Default.CallPageView) : Api.Problem(page.Problem);
    }
}
