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
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/keys")] HttpRequest request, CancellationToken stop)
    {
        var principal = await authorizer.AuthorizeAsync(request, ApiScopes.Admin, stop);
        if (!principal.IsOk) return Api.Problem(principal.Problem);
        var body = await RequestBody.ReadJsonAsync(request, stop);
        if (!body.IsOk) return Api.Problem(body.Problem);
        var key = await desk.CreateAsync(principal.Value, body.Value, stop);
        if (!key.IsOk) return Api.Problem(key.Problem);
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        return Api.Json(key.Value, AppJson.Default.ApiKeyView, StatusCodes.Status201Created);
    }
}
