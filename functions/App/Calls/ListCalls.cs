using ClickToDial.App.Access;
using ClickToDial.App.Hosting;
using ClickToDial.App.OpenApi;
using ClickToDial.Core.Access;
using ClickToDial.Core.Calls;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Calls;

/// <summary><c>GET /api/calls</c>: the call log, newest first, filtered and in pages.</summary>
public sealed class ListCalls(Authorizer authorizer, CallReader reader)
{
    [Function(nameof(ListCalls))]
    [Operation(
        "The call log, newest first.",
        Scope = ApiScopes.CallsRead, Response = typeof(CallPageView), Query = ["user", "from", "to", "fromDate", "toDate", "state", "result", "limit", "offset", "cursor", "format"], GivesCsv = true)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/calls")] HttpRequest request, CancellationToken stop)
    {
        var principal = await authorizer.AuthorizeAsync(request, ApiScopes.CallsRead, stop);
        if (!principal.IsOk) return Api.Problem(principal.Problem);
        var csv = CsvAnswer.IsWanted(request);
        var page = await reader.ListAsync(
            principal.Value, name => request.Query[name], stop, csv ? CsvAnswer.MaxRows : CallQuery.MaxLimit);
        if (!page.IsOk) return Api.Problem(page.Problem);
        return csv ? CallCsv.Of(request, page.Value) : Api.Json(page.Value, AppJson.Default.CallPageView);
    }
}
