using System.Text.Json.Serialization;

namespace ClickToDial.Contracts.Calls;

/// <summary>Where a call is. The numeric order is the order in time: a later state never gives way to an earlier one.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CallState>))]
public enum CallState
{
    /// <summary>Accepted by the API, not yet seen by the worker.</summary>
    [JsonStringEnumMemberName("requested")] Requested = 0,

    /// <summary>The user's devices ring.</summary>
    [JsonStringEnumMemberName("ringing-user")] RingingUser = 1,

    /// <summary>The user has answered and hears the "press 1" prompt.</summary>
    [JsonStringEnumMemberName("prompting")] Prompting = 2,

    /// <summary>The destination is dialled; the user hears ringback or early media.</summary>
    [JsonStringEnumMemberName("ringing-destination")] RingingDestination = 3,

    /// <summary>Both ends talk.</summary>
    [JsonStringEnumMemberName("connected")] Connected = 4,

    [JsonStringEnumMemberName("ended")] Ended = 5,
}
