using ClickToDial.App.OpenApi;
using ClickToDial.Core.Access;
using ClickToDial.Core.Pbx;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.PbxApi;

/// <summary><c>GET /api/integration/v2/get-queue-calls</c>: calls to queues.</summary>
public sealed class GetQueueCalls(PbxListAnswers answers, PbxLists lists)
{
    [Function(nameof(GetQueueCalls))]
    [Operation(
        "Calls to queues.",
        Caller = CallerKind.PbxKey, Scope = ApiScopes.CallsRead, Response = typeof(PbxRowsReply<PbxGroupCallRow>), Query = ["from_date", "to_date", "sort_by", "offset", "limit", "unique_call_id", "queues_names"])]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/integration/v2/get-queue-calls")] HttpRequest request, CancellationToken stop) =>
        answers.AnswerAsync(
            request, caller => lists.ItemsAsync(caller, PbxItemKind.QueueCall, "queues_names", name => request.Query[name], PbxGroupCallRow.OfQueue, stop),
            PbxJson.Default.PbxRowsReplyPbxGroupCallRow, stop);
}
