namespace ClickToDial.Core.Pbx;

/// <summary>What a PBX's webhook tells, by the names in <see cref="PbxEventTypes"/>.</summary>
public enum PbxEventType
{
    /// <summary>A type nobody here knows: kept as it is.</summary>
    Unknown,
    UserInbound,
    UserInboundAnswered,
    UserInboundCompleted,
    UserOutbound,
    UserOutboundAnswered,
    UserOutboundCompleted,
    QueueCall,
    RingGroupCall,
    Voicemail,
    RecordingInbound,
    RecordingOutbound,
    WebhookComponent,
}
