using System.Text.Json.Serialization;
using ClickToDial.Core.Pbx;

namespace ClickToDial.App.PbxApi;

/// <summary>
/// A row of <c>get-queue-calls</c> or <c>get-ringgroup-calls</c>, which differ in the name of the group only. Their caller is spelled without
/// the underscore.
/// </summary>
/// <param name="QueueName">Of rows of queues only.</param>
/// <param name="RingGroupName">Of rows of ring groups only.</param>
public sealed record PbxGroupCallRow(
    string? UniqueCallId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? QueueName,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? RingGroupName,
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
    public static PbxGroupCallRow OfQueue(PbxItem item) => Of(item, item.Event.QueueName ?? "", null);

    public static PbxGroupCallRow OfRingGroup(PbxItem item) => Of(item, null, item.Event.RingGroupName ?? "");

    private static PbxGroupCallRow Of(PbxItem item, string? queue, string? ringGroup)
    {
        var e = item.Event;
        return new PbxGroupCallRow(
            e.UniqueCallId, queue, ringGroup, e.CallerId, e.CallerName, e.DestNumber, e.UserName, e.UserNumber, PbxTimes.Text(item.At),
            PbxTimes.Text(e.ConnectedAt), e.CallSeconds ?? 0, e.TalkSeconds ?? 0, e.Status ?? (e.ConnectedAt is null ? "abandoned" : "answered"));
    }
}
