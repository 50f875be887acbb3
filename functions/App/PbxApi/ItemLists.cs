using ClickToDial.App.Access;
using ClickToDial.App.Hosting;
using ClickToDial.Core.Access;
using ClickToDial.Core.Calls;
using ClickToDial.Core.Directory;
using ClickToDial.Core.Pbx;
using ClickToDial.Core.PbxApi;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.PbxApi;

/// <summary>Our own lists of what PBXes told: problem details, cursors, CSV.</summary>
public sealed class ItemLists(Authorizer authorizer, IDirectoryReader directory, IPbxItemStore items)
{
    private static readonly string[] Columns =
    [
        "id", "type", "at", "callId", "queue", "ringGroup", "user", "userName", "callerId", "callerName", "destination", "status", "connectedAt",
        "totalSeconds", "talkSeconds", "component", "recordingLink", "audioFiles",
    ];

    public async Task<IResult> ListAsync(HttpRequest request, PbxItemKind kind, string names, CancellationToken stop)
    {
        var principal = await authorizer.AuthorizeAsync(request, ApiScopes.CallsRead, stop);
        if (!principal.IsOk) return Api.Problem(principal.Problem);
        // A page's token is for its user's calls; these are nobody's in particular.
        if (principal.Value.Token is not null) return Api.Problem(Core.Problems.KnownProblems.ScopeMissing);
        var zone = (await directory.GetAsync(stop)).Domains[principal.Value.Domain].Zone;
        var csv = CsvAnswer.IsWanted(request);
        var query = ItemQueryReader.Read(
            name => request.Query[name], principal.Value.Domain, kind, names, zone, csv ? CsvAnswer.MaxRows : CallQuery.MaxLimit);
        if (!query.IsOk) return Api.Problem(query.Problem);
        var page = await items.ListAsync(query.Value, stop);
        var next = page.Next is null ? null : CallCursor.Write(page.Next);
        return csv
            ? CsvAnswer.Of(request, Columns, page.Items.Select(Cells), next)
            : Api.Json(new PbxItemPageView([.. page.Items.Select(PbxItemView.Of)], next, zone.Id), AppJson.Default.PbxItemPageView);
    }

    private static IEnumerable<string?> Cells(PbxItem item)
    {
        var e = item.Event;
        return
        [
            item.Id, e.TypeName, CsvAnswer.Text(item.At), e.UniqueCallId, e.QueueName, e.RingGroupName, e.UserNumber, e.UserName, e.CallerId, e.CallerName,
            e.DestNumber, e.Status, CsvAnswer.Text(e.ConnectedAt), CsvAnswer.Text(e.CallSeconds), CsvAnswer.Text(e.TalkSeconds), e.ComponentName,
            e.RecordingLink, e.AudioFiles is { } files ? string.Join(' ', files) : null,
        ];
    }
}
