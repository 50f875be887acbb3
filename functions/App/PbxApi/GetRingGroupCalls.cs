using ClickToDial.App.OpenApi;
using ClickToDial.Core.Access;
using ClickToDial.Core.Pbx;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.PbxApi;

/// <summary><c>GET /api/integration/v2/get-ringgroup-calls</c>: calls to ring groups.</summary>
public sealed class GetRingGroupCalls(PbxListAnswers answers, PbxLists lists)
{
    [Function(nameof(GetRingGroupCalls))]
    [Operation(
        "Calls to ring groups.",
        Caller = CallerKind.PbxKey, Scope = ApiScopes.CallsRead, Response = typeof(PbxRowsReply<PbxGroupCallRow>), Query = ["from_date", "to_date", "sort_by", "offset", "limit", "unique_call_id", "ringgroups_names"])]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/integration/v2/get-ringgroup-calls")] HttpRequest request, CancellationToken stop) =>
        answers.AnswerAsync(
            request, caller => lists.ItemsAsync(caller, PbxItemKind.RingGroupCall, "ringgroups_names", name => request.Query[name], PbxGroupCallRow.OfRingGroup, stop),
            PbxJson.Default.PbxRowsReplyPbxGroupCallRow, stop);
}
