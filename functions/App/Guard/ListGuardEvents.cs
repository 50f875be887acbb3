using ClickToDial.App.Access;
using ClickToDial.App.Hosting;
using ClickToDial.App.OpenApi;
using ClickToDial.Core.Access;
using ClickToDial.Core.Guard;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Guard;

/// <summary><c>GET /api/guard/events</c>: caps on calls that were reached.</summary>
public sealed class ListGuardEvents(Authorizer authorizer, IGuardLog log)
{
    private const int Limit = 200;

    [Function(nameof(ListGuardEvents))]
    [Operation("Caps on calls that were reached, newest first.", Caller = CallerKind.Key, Scope = ApiScopes.Admin, Response = typeof(GuardEventsView))]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/guard/events")] HttpRequest request, CancellationToken stop)
    {
        var principal = await authorizer.AuthorizeAsync(request, ApiScopes.Admin, stop);
        if (!principal.IsOk) return Api.Problem(principal.Problem);
        var told = await log.ListAsync(principal.Value.Domain, Limit, stop);
        return Api.Json(new GuardEventsView([.. told.Select(e => new GuardEventView(e.At, e.User, e.Rule))]), AppJson.Default.GuardEventsView);
    }
}
