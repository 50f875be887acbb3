using ClickToDial.App.Hosting;
using ClickToDial.App.OpenApi;
using ClickToDial.Core.Access;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Access;

/// <summary><c>GET /api/keys</c>: the domain's API keys, without their secrets.</summary>
public sealed class ListKeys(Authorizer authorizer, KeyDesk desk)
{
    [Function(nameof(ListKeys))]
    [Operation("The domain's API keys, without their secrets.", Caller = CallerKind.Key, Scope = ApiScopes.Admin, Response = typeof(ApiKeyListView))]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/keys")] HttpRequest request, CancellationToken stop)
    {
        var principal = await authorizer.AuthorizeAsync(request, ApiScopes.Admin, stop);
        if (!principal.IsOk) return Api.Problem(principal.Problem);
        return Api.Json(await desk.ListAsync(principal.Value, stop), AppJson.Default.ApiKeyListView);
    }
}
