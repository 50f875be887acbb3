using ClickToDial.App.OpenApi;
using ClickToDial.Core.Access;
using ClickToDial.Core.Pbx;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.PbxApi;

/// <summary><c>GET /api/queue-calls</c>: calls to queues of PBXes.</summary>
public sealed class ListQueueCalls(ItemLists lists)
{
    [Function(nameof(ListQueueCalls))]
    [Operation(
        "Calls to queues of PBXes.",
        Caller = CallerKind.Key, Scope = ApiScopes.CallsRead, Response = typeof(PbxItemPageView), Query = ["queue", "from", "to", "fromDate", "toDate", "limit", "offset", "cursor", "format"], GivesCsv = true)]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/queue-calls")] HttpRequest request, CancellationToken stop) =>
        lists.ListAsync(request, PbxItemKind.QueueCall, "queue", stop);
}
