using ClickToDial.App.Access;
using ClickToDial.App.Hosting;
using ClickToDial.App.OpenApi;
using ClickToDial.Core.Access;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Sessions;

/// <summary><c>POST /api/sessions</c>: a session token for a user of the API key's domain.</summary>
public sealed class CreateSession(Authorizer authorizer, SessionIssuer issuer)
{
    [Function(nameof(CreateSession))]
    [Operation(
        "Issues a session token for a page.",
        Caller = CallerKind.Key, Scope = ApiScopes.Sessions, Status = 201, Request = typeof(SessionBody), Response = typeof(SessionView), Refusals = [404])]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/sessions")] HttpRequest request, CancellationToken stop)
    {
        var principal = await authorizer.AuthorizeAsync(request, ApiScopes.Sessions, stop);
        if (!principal.IsOk) return Api.Problem(principal.Problem);
        var body = await RequestBody.ReadJsonAsync(request, stop);
        if (!body.IsOk) return Api.Problem(body.Problem);
        var session = await issuer.IssueAsync(principal.Value, body.Value, stop);
        if (!session.IsOk) return Api.Problem(session.Problem);
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        return Api.Json(session.Value, AppJson.Default.SessionView, StatusCodes.Status201Created);
    }
}
