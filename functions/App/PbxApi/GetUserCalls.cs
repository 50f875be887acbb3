using ClickToDial.App.Access;
using ClickToDial.App.OpenApi;
using ClickToDial.Core.Access;
using ClickToDial.Core.Directory;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.PbxApi;

/// <summary><c>GET /api/integration/v2/get-user-calls</c>: calls of users that have ended.</summary>
public sealed class GetUserCalls(Authorizer authorizer, IDirectoryReader directory, PbxLists lists)
{
    [Function(nameof(GetUserCalls))]
    [Operation(
        "Calls of users that have ended.",
        Caller = CallerKind.PbxKey, Scope = ApiScopes.CallsRead, Response = typeof(PbxRowsReply<PbxUserCallRow>), Query = ["from_date", "to_date", "sort_by", "offset", "limit", "unique_call_id", "users_names"])]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/integration/v2/get-user-calls")] HttpRequest request, CancellationToken stop)
    {
        var caller = await PbxCaller.AuthorizeAsync(authorizer, directory, request, ApiScopes.CallsRead, stop);
        if (!caller.IsOk) return PbxAnswers.Failure(request, caller.Problem);
        var rows = await lists.UserCallsAsync(caller.Value, name => request.Query[name], stop);
        return rows.IsOk
            ? PbxAnswers.Rows(rows.Value, caller.Value.Domain.Zone, PbxJson.Default.PbxRowsReplyPbxUserCallRow)
            : PbxAnswers.Failure(request, rows.Problem);
    }
}
