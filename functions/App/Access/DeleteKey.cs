using ClickToDial.App.Hosting;
using ClickToDial.App.OpenApi;
using ClickToDial.Core.Access;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Access;

/// <summary><c>DELETE /api/keys/{id}</c>: the key is refused from now on.</summary>
public sealed class DeleteKey(Authorizer authorizer, KeyDesk desk)
{
    [Function(nameof(DeleteKey))]
    [Operation("Deletes an API key: it is refused from now on.", Caller = CallerKind.Key, Scope = ApiScopes.Admin, Status = 204, Refusals = [404])]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/keys/{id}")] HttpRequest request, string id, CancellationToken stop)
    {
        var principal = await authorizer.AuthorizeAsync(request, ApiScopes.Admin, stop);
        if (!principal.IsOk) return Api.Problem(principal.Problem);
        return await desk.DeleteAsync(principal.Value, id, stop) is { } problem ? Api.Problem(problem) : Results.NoContent();
    }
}
