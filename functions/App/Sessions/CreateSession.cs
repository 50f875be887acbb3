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
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/sessions")] HttpRequest request, CancellationToken stop) =>
        authorizer.MakeAsync(request, ApiScopes.Sessions, (principal, body) => issuer.IssueAsync(principal, body, stop), AppJson.Default.SessionView, stop);
}
