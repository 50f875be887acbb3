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
}
