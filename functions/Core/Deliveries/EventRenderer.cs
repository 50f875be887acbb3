using System.Text.Json;
using ClickToDial.Contracts;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;
using ClickToDial.Core.Pbx;
using ClickToDial.Core.Webhooks;

namespace ClickToDial.Core.Deliveries;

/// <summary>Accepted events in the words of a subscriber.</summary>
public static class EventRenderer
{
    /// <returns>Null when the style has no word for it.</returns>
    public static RenderedEvent? Render(AcceptedEvent e, PayloadStyle style)
    {
        if (e.Item is { } item) return Item(item);
        if (e is not { Call: { } step, Row: { } row }) return null;
        if (style == PayloadStyle.CallEvent)
            return new RenderedEvent(Triggers.NameOf(step.Type), JsonSerializer.SerializeToUtf8Bytes(step, ContractsJson.Default.CallEvent));
        return TypeOf(step) is { } type ? Pbx(type, PbxPayload.Of(type, step, row)) : null;
    }

    /// <summary>What no PBX of theirs has a type for has no trigger either.</summary>
    private static RenderedEvent? Item(PbxItem item) => item.Event.Type == PbxEventType.Unknown ? null : Pbx(item.Event.Type, item.Event);

    private static RenderedEvent Pbx(PbxEventType type, PbxEvent e) => new(PbxEventTypes.NameOf(type), PbxPayload.Write(e));

    private static PbxEventType? TypeOf(CallEvent step)
    {
        var inbound = step.Call.Direction == CallDirection.Inbound;
        return step.Type switch
        {
            CallEventType.CallStarted => inbound ? PbxEventType.UserInbound : PbxEventType.UserOutbound,
            CallEventType.CallConnected => inbound ? PbxEventType.UserInboundAnswered : PbxEventType.UserOutboundAnswered,
            CallEventType.CallEnded => inbound ? PbxEventType.UserInboundCompleted : PbxEventType.UserOutboundCompleted,
            CallEventType.RecordingStopped => inbound ? PbxEventType.RecordingInbound : PbxEventType.RecordingOutbound,
            _ => null,
        };
    }
}
