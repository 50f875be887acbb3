using System.Text.Json.Serialization;

namespace ClickToDial.Core.Deliveries;

/// <summary>In whose words a subscriber is told.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PayloadStyle>))]
public enum PayloadStyle
{
    /// <summary>As VoIPLine and VoIPcloud PBXes post: the twelve types of <see cref="Pbx.PbxEventTypes"/>.</summary>
    [JsonStringEnumMemberName("pbx")] Pbx,

    /// <summary>Every step of a call as the call log has it; what is no step comes as PBXes post it.</summary>
    [JsonStringEnumMemberName("call-event")] CallEvent,
}
