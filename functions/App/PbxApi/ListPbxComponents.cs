using ClickToDial.App.OpenApi;
using ClickToDial.Core.Access;
using ClickToDial.Core.Pbx;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.PbxApi;

/// <summary><c>GET /api/pbx/components</c>: webhook objects that calls passed in a PBX's call flow.</summary>
public sealed class ListPbxComponents(ItemLists lists)
{
    [Function(nameof(ListPbxComponents))]
    [Operation(
        "Webhook objects that calls passed.",
        Caller = CallerKind.Key, Scope = ApiScopes.CallsRead, Response = typeof(PbxItemPageView), Query = ["callId", "from", "to", "fromDate", "toDate", "limit", "offset", "cursor", "format"], GivesCsv = true)]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/pbx/components")] HttpRequest request, CancellationToken stop) =>
        lists.ListAsync(request, PbxItemKind.Component, "callId", stop);
}
