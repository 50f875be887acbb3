using ClickToDial.App.Access;
using ClickToDial.App.OpenApi;
using ClickToDial.Core.Access;
using ClickToDial.Core.Directory;
using ClickToDial.Core.Pbx;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.PbxApi;

/// <summary><c>GET /api/integration/v2/get-ringgroup-calls</c>: calls to ring groups.</summary>
public sealed class GetRingGroupCalls(Authorizer authorizer, IDirectoryReader directory, PbxLists lists)
{
    [Function(nameof(GetRingGroupCalls))]
    [Operation(
        "Calls to ring groups.",
        Caller = CallerKind.PbxKey, Scope = ApiScopes.CallsRead, Response = typeof(PbxRowsReply<PbxRingGroupCallRow>), Query = ["from_date", "to_date", "sort_by", "offset", "limit", "unique_call_id", "ringgroups_names"])]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/integration/v2/get-ringgroup-calls")] HttpRequest request, CancellationToken stop)
    {
        var caller = await PbxCaller.AuthorizeAsync(authorizer, directory, request, ApiScopes.CallsRead, stop);
        if (!caller.IsOk) return PbxAnswers.Failure(request, caller.Problem);
        var rows = await lists.ItemsAsync(caller.Value, PbxItemKind.RingGroupCall, "ringgroups_names", name => request.Query[name], stop);
        return rows.IsOk
            ? PbxAnswers.Rows([.. rows.Value.Select(PbxRingGroupCallRow.Of)], caller.Value.Domain.Zone, PbxJson.Default.PbxRowsReplyPbxRingGroupCallRow)
            : PbxAnswers.Failure(request, rows.Problem);
    }
}
