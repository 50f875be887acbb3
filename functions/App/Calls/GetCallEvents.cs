using ClickToDial.App.Access;
using ClickToDial.App.Hosting;
using ClickToDial.App.OpenApi;
using ClickToDial.Core.Access;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Calls;

/// <summary><c>GET /api/calls/{id}/events</c>: every step of a call as it was told.</summary>
public sealed class GetCallEvents(Authorizer authorizer, CallReader reader)
{
    [Function(nameof(GetCallEvents))]
    [Operation("Every step of a call.", Scope = ApiScopes.CallsRead, Response = typeof(CallEventsView), Refusals = [404])]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/calls/{id}/events")] HttpRequest request,
        string id,
        CancellationToken stop)
    {
        var principal = await authorizer.AuthorizeAsync(request, ApiScopes.CallsRead, stop);
        if (!principal.IsOk) return Api.Problem(principal.Problem);
        var events = await reader.EventsAsync(principal.Value, id, stop);
        return events.IsOk ? Api.Json(events.Value, AppJson.Default.CallEventsView) : Api.Problem(events.Problem);
    }
}
