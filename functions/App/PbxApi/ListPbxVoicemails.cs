using ClickToDial.App.OpenApi;
using ClickToDial.Core.Access;
using ClickToDial.Core.Pbx;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.PbxApi;

/// <summary><c>GET /api/pbx/voicemails</c>: voicemails that PBXes told of.</summary>
public sealed class ListPbxVoicemails(ItemLists lists)
{
    [Function(nameof(ListPbxVoicemails))]
    [Operation(
        "Voicemails that PBXes told of.",
        Caller = CallerKind.Key, Scope = ApiScopes.CallsRead, Response = typeof(PbxItemPageView), Query = ["callId", "from", "to", "fromDate", "toDate", "limit", "offset", "cursor", "format"], GivesCsv = true)]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/pbx/voicemails")] HttpRequest request, CancellationToken stop) =>
        lists.ListAsync(request, PbxItemKind.Voicemail, "callId", stop);
}
