using System.Collections.Frozen;

namespace ClickToDial.Core.Pbx;

/// <summary>Names of event types: as the field <c>type</c> has them, and as the last part of a URL where a PBX posts each trigger to one of its own.</summary>
public static class PbxEventTypes
{
    private static readonly FrozenDictionary<string, PbxEventType> ByName = new Dictionary<string, PbxEventType>(StringComparer.OrdinalIgnoreCase)
    {
        ["user_inbound"] = PbxEventType.UserInbound,
        ["user_inbound_answered"] = PbxEventType.UserInboundAnswered,
        ["user_inbound_completed"] = PbxEventType.UserInboundCompleted,
        ["queue_call"] = PbxEventType.QueueCall,
        ["ring_group_call"] = PbxEventType.RingGroupCall,
        ["voicemail"] = PbxEventType.Voicemail,
        ["recording_inbound"] = PbxEventType.RecordingInbound,
        ["user_outbound"] = PbxEventType.UserOutbound,
        ["user_outbound_answered"] = PbxEventType.UserOutboundAnswered,
        ["user_outbound_completed"] = PbxEventType.UserOutboundCompleted,
        ["recording_outbound"] = PbxEventType.RecordingOutbound,
        ["webhook_component_event"] = PbxEventType.WebhookComponent,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The triggers as an administrator reads them on the PBX's own page.</summary>
    private static readonly FrozenDictionary<string, PbxEventType> ByTitle = new Dictionary<string, PbxEventType>(StringComparer.OrdinalIgnoreCase)
    {
        ["user-inbound-call"] = PbxEventType.UserInbound,
        ["user-inbound-call-answered"] = PbxEventType.UserInboundAnswered,
        ["user-inbound-call-completion"] = PbxEventType.UserInboundCompleted,
        ["user-inbound-call-completed"] = PbxEventType.UserInboundCompleted,
        ["queue-call-summary"] = PbxEventType.QueueCall,
        ["ring-group-call-summary"] = PbxEventType.RingGroupCall,
        ["inbound-call-recording"] = PbxEventType.RecordingInbound,
        ["user-outbound-call"] = PbxEventType.UserOutbound,
        ["user-outbound-call-answered"] = PbxEventType.UserOutboundAnswered,
        ["user-outbound-call-completion"] = PbxEventType.UserOutboundCompleted,
        ["user-outbound-call-completed"] = PbxEventType.UserOutboundCompleted,
        ["outbound-call-recording"] = PbxEventType.RecordingOutbound,
        ["webhook-object"] = PbxEventType.WebhookComponent,
        ["webhook-component"] = PbxEventType.WebhookComponent,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<PbxEventType, string> Names = ByName.ToFrozenDictionary(p => p.Value, p => p.Key);

    /// <summary>Every name that the field <c>type</c> may have.</summary>
    public static IReadOnlyCollection<string> All => ByName.Keys;

    /// <summary>As the field <c>type</c> has it; "unknown" for <see cref="PbxEventType.Unknown"/>.</summary>
    public static string NameOf(PbxEventType type) => Names.GetValueOrDefault(type, "unknown");

    public static PbxEventType OfName(string? name) => name is null ? PbxEventType.Unknown : ByName.GetValueOrDefault(name);

    /// <param name="trigger">Last part of the URL, with dashes or underscores.</param>
    public static PbxEventType OfTrigger(string? trigger)
    {
        if (trigger is null) return PbxEventType.Unknown;
        var byName = OfName(trigger.Replace('-', '_'));
        return byName != PbxEventType.Unknown ? byName : ByTitle.GetValueOrDefault(trigger.Replace('_', '-'));
    }
}
