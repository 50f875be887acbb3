using ClickToDial.App.Access;
using ClickToDial.App.OpenApi;
using ClickToDial.Core.Access;
using ClickToDial.Core.Directory;
using ClickToDial.Core.Pbx;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.PbxApi;

/// <summary><c>GET /api/integration/v2/get-queue-calls</c>: calls to queues.</summary>
public sealed class GetQueueCalls(Authorizer authorizer, IDirectoryReader directory, PbxLists lists)
{
    [Function(nameof(GetQueueCalls))]
    [Operation(
        "Calls to queues.",
        Caller = CallerKind.PbxKey, Scope = ApiScopes.CallsRead, Response = typeof(PbxRowsReply<PbxQueueCallRow>), Query = ["from_date", "to_date", "sort_by", "offset", "limit", "unique_call_id", "queues_names"])]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/integration/v2/get-queue-calls")] HttpRequest request, CancellationToken stop)
    {
        var caller = await PbxCaller.AuthorizeAsync(authorizer, directory, request, ApiScopes.CallsRead, stop);
        if (!caller.IsOk) return PbxAnswers.Failure(request, caller.Problem);
        var rows = await lists.ItemsAsync(caller.Value, PbxItemKind.QueueCall, "queues_names", name => request.Query[name], stop);
        return rows.IsOk
            ? PbxAnswers.Rows([.. rows.Value.Select(PbxQueueCallRow.Of)], caller.Value.Domain.Zone, PbxJson.Default.PbxRowsReplyPbxQueueCallRow)
            : PbxAnswers.Failure(request, rows.Problem);
    }
}
