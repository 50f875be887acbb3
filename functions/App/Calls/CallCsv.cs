using ClickToDial.App.Adapters;
using ClickToDial.App.Hosting;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Calls;

/// <summary>A page of the call log as a table.</summary>
public static class CallCsv
{
    private static readonly string[] Columns =
    [
        "id", "state", "direction", "user", "destination", "callerId", "requestedAt", "startedAt", "connectedAt", "endedAt", "totalSeconds",
        "talkSeconds", "result", "reason", "sipStatus", "answeredDevice", "trunk",
    ];

    public static IResult Of(HttpRequest request, CallPageView page) => CsvAnswer.Of(request, Columns, page.Calls.Select(Cells), page.Next);

    private static IEnumerable<string?> Cells(CallView call) =>
    [
        call.Id.Value, ContractNames<Contracts.Calls.CallState>.Of(call.State), ContractNames<Contracts.Calls.CallDirection>.Of(call.Direction),
        call.User, call.Destination, call.CallerId, CsvAnswer.Text(call.RequestedAt), CsvAnswer.Text(call.StartedAt),
        CsvAnswer.Text(call.ConnectedAt), CsvAnswer.Text(call.EndedAt), CsvAnswer.Text(call.TotalSeconds), CsvAnswer.Text(call.TalkSeconds),
        call.Result is { } result ? ContractNames<Contracts.Calls.CallResult>.Of(result) : null, call.Reason, CsvAnswer.Text(call.SipStatus),
        call.AnsweredDevice, call.Trunk,
    ];
}
