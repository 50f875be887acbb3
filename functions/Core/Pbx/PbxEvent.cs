namespace ClickToDial.Core.Pbx;

/// <summary>What a PBX told, once its spellings and forms are evened out. Durations are whole seconds; absent is null.</summary>
/// <param name="TypeName">As it came, so that an unknown type can be seen.</param>
/// <param name="Domain">Named by the event itself; PBXes of others do not.</param>
/// <param name="CallSeconds">Ring and talk.</param>
/// <param name="TalkSeconds">Talk alone.</param>
public sealed record PbxEvent(
    PbxEventType Type,
    string? TypeName = null,
    string? UniqueCallId = null,
    string? Domain = null,
    string? CallerId = null,
    string? CallerName = null,
    string? UserName = null,
    string? UserNumber = null,
    string? DestNumber = null,
    string? QueueName = null,
    string? RingGroupName = null,
    string? Status = null,
    string? ComponentName = null,
    DateTimeOffset? CallStartAt = null,
    DateTimeOffset? ConnectedAt = null,
    DateTimeOffset? RecordedAt = null,
    int? CallSeconds = null,
    int? TalkSeconds = null,
    IReadOnlyList<string>? Emails = null,
    string? EmailSubject = null,
    string? EmailMessage = null,
    IReadOnlyList<string>? AudioFiles = null,
    string? RecordingLink = null)
{
    /// <summary>Queue or ring group.</summary>
    public string? GroupName => Type == PbxEventType.RingGroupCall ? RingGroupName : QueueName ?? RingGroupName;
}
