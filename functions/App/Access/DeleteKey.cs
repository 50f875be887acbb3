using ClickToDial.App.OpenApi;
using ClickToDial.Core.Access;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Access;

/// <summary><c>DELETE /api/keys/{id}</c>: the key is refused from now on.</summary>
public sealed class DeleteKey(Authorizer authorizer, KeyDesk desk)
{
    [Function(nameof(DeleteKey))]
    [Operation("Deletes an API key: it is refused from now on.", Caller = CallerKind.Key, Scope = ApiScopes.Admin, Status = 204, Refusals = [404])]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/keys/{id}")] HttpRequest request, string id, CancellationToken stop) =>
        authorizer.DoAsync(request, ApiScopes.Admin, principal => desk.DeleteAsync(principal, id, stop), stop);
}
