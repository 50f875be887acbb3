using ClickToDial.App.Hosting;
using ClickToDial.App.OpenApi;
using ClickToDial.Core.Access;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Access;

/// <summary><c>POST /api/keys</c>: makes an API key, which is shown this once.</summary>
public sealed class CreateKey(Authorizer authorizer, KeyDesk desk)
{
    [Function(nameof(CreateKey))]
    [Operation(
        "Makes an API key, which is shown this once.",
        Caller = CallerKind.Key, Scope = ApiScopes.Admin, Status = 201, Request = typeof(KeyBody), Response = typeof(ApiKeyView))]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/keys")] HttpRequest request, CancellationToken stop) =>
        authorizer.MakeAsync(request, ApiScopes.Admin, (principal, body) => desk.CreateAsync(principal, body, stop), AppJson.Default.ApiKeyView, stop);
}
