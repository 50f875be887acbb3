using ClickToDial.App.OpenApi;
using ClickToDial.Core.Access;
using ClickToDial.Core.Pbx;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.PbxApi;

/// <summary><c>GET /api/pbx/unknown</c>: events of types that nobody here knows, as they were posted.</summary>
public sealed class ListPbxUnknown(ItemLists lists)
{
    [Function(nameof(ListPbxUnknown))]
    [Operation(
        "Events of unknown types, as they were posted.",
        Caller = CallerKind.Key, Scope = ApiScopes.CallsRead, Response = typeof(PbxItemPageView), Query = ["callId", "from", "to", "fromDate", "toDate", "limit", "offset", "cursor", "format"], GivesCsv = true)]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/pbx/unknown")] HttpRequest request, CancellationToken stop) =>
        lists.ListAsync(request, PbxItemKind.Unknown, "callId", stop);
}
