namespace ClickToDial.Core.Pbx;

/// <summary>A summary, recording, voicemail or other telling of a PBX, kept as one row.</summary>
/// <param name="Id">See <see cref="PbxIds.Item"/>.</param>
/// <param name="At">When it happened: the start of the call, or of the recording.</param>
/// <param name="Raw">An event of an unknown type as it came, as far as it fits; else null.</param>
public sealed record PbxItem(string Domain, PbxItemKind Kind, string Id, DateTimeOffset At, DateTimeOffset ReceivedAt, PbxEvent Event, string? Raw = null)
{
    public const int MaxRaw = 30_000;

    /// <summary>What lists may be narrowed by: the queue's or ring group's name, or else the PBX's id of the call.</summary>
    public string? Group => Kind is PbxItemKind.QueueCall or PbxItemKind.RingGroupCall ? Event.GroupName : Event.UniqueCallId;

    public static PbxItem Of(PbxEvent e, string domain, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt)
    {
        var kind = KindOf(e.Type);
        var raw = kind == PbxItemKind.Unknown ? System.Text.Encoding.UTF8.GetString(body.Span) : null;
        return new PbxItem(
            domain, kind, PbxIds.Item(e, body.Span), e.CallStartAt ?? e.RecordedAt ?? receivedAt, receivedAt, e,
            raw?.Length > MaxRaw ? raw[..MaxRaw] : raw);
    }

    private static PbxItemKind KindOf(PbxEventType type) => type switch
    {
        PbxEventType.QueueCall => PbxItemKind.QueueCall,
        PbxEventType.RingGroupCall => PbxItemKind.RingGroupCall,
        PbxEventType.RecordingInbound or PbxEventType.RecordingOutbound => PbxItemKind.Recording,
        PbxEventType.Voicemail => PbxItemKind.Voicemail,
        PbxEventType.WebhookComponent => PbxItemKind.Component,
        _ => PbxItemKind.Unknown,
    };
}
