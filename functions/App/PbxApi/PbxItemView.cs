using ClickToDial.Core.Pbx;

namespace ClickToDial.App.PbxApi;

/// <summary>Something a PBX told beside its calls, as our own API shows it.</summary>
/// <param name="Type">As the PBX names it.</param>
/// <param name="At">When it happened.</param>
/// <param name="CallId">The PBX's own id of the call.</param>
/// <param name="Raw">Of a type nobody here knows: what was posted.</param>
public sealed record PbxItemView(
    string Id,
    string Type,
    DateTimeOffset At,
    DateTimeOffset ReceivedAt,
    string? CallId,
    string? Queue,
    string? RingGroup,
    string? User,
    string? UserName,
    string? CallerId,
    string? CallerName,
    string? Destination,
    string? Status,
    DateTimeOffset? ConnectedAt,
    int? TotalSeconds,
    int? TalkSeconds,
    string? Component,
    string? RecordingLink,
    IReadOnlyList<string>? AudioFiles,
    IReadOnlyList<string>? Emails,
    string? EmailSubject,
    string? EmailMessage,
    string? Raw)
{
    public static PbxItemView Of(PbxItem item)
    {
        var e = item.Event;
        return new PbxItemView(
            item.Id, e.TypeName ?? "unknown", item.At, item.ReceivedAt, e.UniqueCallId, e.QueueName, e.RingGroupName, e.UserNumber, e.UserName,
            e.CallerId, e.CallerName, e.DestNumber, e.Status, e.ConnectedAt, e.CallSeconds, e.TalkSeconds, e.ComponentName, e.RecordingLink,
            e.AudioFiles, e.Emails, e.EmailSubject, e.EmailMessage, item.Raw);
    }
}
