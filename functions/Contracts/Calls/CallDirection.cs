using System.Text.Json.Serialization;

namespace ClickToDial.Contracts.Calls;

/// <summary>Seen from the user the call is about.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CallDirection>))]
public enum CallDirection
{
    [JsonStringEnumMemberName("outbound")] Outbound,
    [JsonStringEnumMemberName("inbound")] Inbound,
    [JsonStringEnumMemberName("internal")] Internal,
}
