using ClickToDial.Contracts.Calls;
using ClickToDial.Core.Calls;

namespace ClickToDial.App.PbxApi;

/// <summary>A row of <c>get-user-calls</c>, in the documented spelling. Times are ISO 8601 in UTC, durations whole seconds.</summary>
/// <param name="Type">Direction and outcome: <c>user_inbound_answered</c>, <c>user_outbound_missed</c> and so on.</param>
/// <param name="ConnectedAt">Null when it was missed.</param>
/// <param name="CallDuration">Ring and talk.</param>
/// <param name="ConversationDuration">Talk.</param>
public sealed record PbxUserCallRow(
    string UniqueCallId,
    string Type,
    string? CallerId,
    string? CallerName,
    string DestNumber,
    string? UserName,
    string UserNumber,
    string? CallStartAt,
    string? ConnectedAt,
    int CallDuration,
    int ConversationDuration)
{
    /// <param name="callerId">What the user's calls show where the call says nothing.</param>
    public static PbxUserCallRow Of(CallRecord row, string? userName, string? callerId) => new(
        row.Pbx?.UniqueCallId ?? row.CallId.Value,
        $"user_{(row.Direction == CallDirection.Inbound ? "inbound" : "outbound")}_{(row.Outcome?.Result == CallResult.Answered ? "answered" : "missed")}",
        row.CallerId ?? callerId,
        row.Pbx?.CallerName,
        row.Destination,
        row.Pbx?.UserName ?? userName,
        row.User,
        PbxTimes.Text(row.StartedAt ?? row.RequestedAt),
        PbxTimes.Text(row.ConnectedAt),
        PbxTimes.Seconds(row.TotalDuration),
        PbxTimes.Seconds(row.TalkDuration));
}
