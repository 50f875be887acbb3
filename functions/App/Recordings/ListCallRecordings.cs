using ClickToDial.App.Access;
using ClickToDial.App.Calls;
using ClickToDial.App.Hosting;
using ClickToDial.App.OpenApi;
using ClickToDial.Core.Access;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Recordings;

/// <summary><c>GET /api/calls/{id}/recordings</c>: the recordings of a call that have been fetched.</summary>
public sealed class ListCallRecordings(Authorizer authorizer, CallReader calls, RecordingStore recordings)
{
    [Function(nameof(ListCallRecordings))]
    [Operation("The recordings of a call.", Scope = ApiScopes.CallsRead, Response = typeof(RecordingsView), Refusals = [404])]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/calls/{id}/recordings")] HttpRequest request, string id, CancellationToken stop)
    {
        var principal = await authorizer.AuthorizeAsync(request, ApiScopes.CallsRead, stop);
        if (!principal.IsOk) return Api.Problem(principal.Problem);
        var call = await calls.FindAsync(principal.Value, id, stop);
        if (!call.IsOk) return Api.Problem(call.Problem);
        var rows = await recordings.OfCallAsync(principal.Value.Domain, id, stop);
        return Api.Json(new RecordingsView([.. rows.Select(RecordingView.Of)]), AppJson.Default.RecordingsView);
    }
}
