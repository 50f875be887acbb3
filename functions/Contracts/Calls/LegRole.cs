using System.Text.Json.Serialization;

namespace ClickToDial.Contracts.Calls;

[JsonConverter(typeof(JsonStringEnumConverter<LegRole>))]
public enum LegRole
{
    /// <summary>A device of the user.</summary>
    [JsonStringEnumMemberName("user")] User,

    [JsonStringEnumMemberName("destination")] Destination,

    /// <summary>Who called the user from outside.</summary>
    [JsonStringEnumMemberName("caller")] Caller,
}
