using ClickToDial.App.OpenApi;
using ClickToDial.Core.Access;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.PbxApi;

/// <summary><c>GET /api/integration/v2/get-user-calls</c>: calls of users that have ended.</summary>
public sealed class GetUserCalls(PbxListAnswers answers, PbxLists lists)
{
    [Function(nameof(GetUserCalls))]
    [Operation(
        "Calls of users that have ended.",
        Caller = CallerKind.PbxKey, Scope = ApiScopes.CallsRead, Response = typeof(PbxRowsReply<PbxUserCallRow>), Query = ["from_date", "to_date", "sort_by", "offset", "limit", "unique_call_id", "users_names"])]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/integration/v2/get-user-calls")] HttpRequest request, CancellationToken stop) =>
        answers.AnswerAsync(
            request, caller => lists.UserCallsAsync(caller, name => request.Query[name], stop),
            PbxJson.Default.PbxRowsReplyPbxUserCallRow, stop);
}
