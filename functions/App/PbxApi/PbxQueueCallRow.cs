using System.Text.Json.Serialization;
using ClickToDial.Core.Pbx;

namespace ClickToDial.App.PbxApi;

/// <summary>A row of <c>get-queue-calls</c>: its caller is spelled without the underscore.</summary>
public sealed record PbxQueueCallRow(
    string? UniqueCallId,
    string? QueueName,
    [property: JsonPropertyName("callerid")] string? CallerId,
    string? CallerName,
    string? DestNumber,
    string? UserName,
    string? UserNumber,
    string? CallStartAt,
    string? ConnectedAt,
    int CallDuration,
    int ConversationDuration,
    string? Status)
{
    public static PbxQueueCallRow Of(PbxItem item)
    {
        var e = item.Event;
        return new PbxQueueCallRow(
            e.UniqueCallId, e.QueueName, e.CallerId, e.CallerName, e.DestNumber, e.UserName, e.UserNumber, PbxTimes.Text(item.At),
            PbxTimes.Text(e.ConnectedAt), e.CallSeconds ?? 0, e.TalkSeconds ?? 0, e.Status ?? (e.ConnectedAt is null ? "abandoned" : "answered"));
    }
}
