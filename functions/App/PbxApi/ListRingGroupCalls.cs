using ClickToDial.App.OpenApi;
using ClickToDial.Core.Access;
using ClickToDial.Core.Pbx;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.PbxApi;

/// <summary><c>GET /api/ring-group-calls</c>: calls to ring groups of PBXes.</summary>
public sealed class ListRingGroupCalls(ItemLists lists)
{
    [Function(nameof(ListRingGroupCalls))]
    [Operation(
        "Calls to ring groups of PBXes.",
        Caller = CallerKind.Key, Scope = ApiScopes.CallsRead, Response = typeof(PbxItemPageView), Query = ["ringGroup", "from", "to", "fromDate", "toDate", "limit", "offset", "cursor", "format"], GivesCsv = true)]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/ring-group-calls")] HttpRequest request, CancellationToken stop) =>
        lists.ListAsync(request, PbxItemKind.RingGroupCall, "ringGroup", stop);
}
