using System.Text.Json.Serialization;

namespace ClickToDial.Contracts.Events;

[JsonConverter(typeof(JsonStringEnumConverter<CallEventType>))]
public enum CallEventType
{
    /// <summary>The worker has taken the call on; always sequence 1.</summary>
    [JsonStringEnumMemberName("call.started")] CallStarted,

    [JsonStringEnumMemberName("leg.ringing")] LegRinging,
    [JsonStringEnumMemberName("leg.answered")] LegAnswered,
    [JsonStringEnumMemberName("leg.ended")] LegEnded,

    /// <summary>The user hears the prompt.</summary>
    [JsonStringEnumMemberName("call.prompting")] CallPrompting,

    /// <summary>The user has pressed 1.</summary>
    [JsonStringEnumMemberName("call.confirmed")] CallConfirmed,

    /// <summary>Both ends talk.</summary>
    [JsonStringEnumMemberName("call.connected")] CallConnected,

    /// <summary>Terminal.</summary>
    [JsonStringEnumMemberName("call.ended")] CallEnded,

    /// <summary>The leg has put the other side on hold.</summary>
    [JsonStringEnumMemberName("call.held")] CallHeld,

    /// <summary>The leg no longer holds the other side.</summary>
    [JsonStringEnumMemberName("call.resumed")] CallResumed,

    /// <summary>The other side does not hear the leg.</summary>
    [JsonStringEnumMemberName("leg.muted")] LegMuted,

    [JsonStringEnumMemberName("leg.unmuted")] LegUnmuted,

    /// <summary>The leg has begun to give its place away; see <see cref="CallEvent.Transfer"/>.</summary>
    [JsonStringEnumMemberName("call.transferring")] CallTransferring,

    /// <summary>The leg stands in the place of another; see <see cref="CallEvent.Transfer"/>.</summary>
    [JsonStringEnumMemberName("call.transferred")] CallTransferred,

    /// <summary>Nobody took the place of the leg.</summary>
    [JsonStringEnumMemberName("call.transfer-failed")] CallTransferFailed,

    [JsonStringEnumMemberName("recording.started")] RecordingStarted,

    /// <summary>See <see cref="CallEvent.Recording"/> for where it is.</summary>
    [JsonStringEnumMemberName("recording.stopped")] RecordingStopped,
}
