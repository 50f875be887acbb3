using System.Text.Json.Serialization;

namespace ClickToDial.Contracts.Calls;

/// <summary>How a call ended, in one word that reports are grouped by.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CallResult>))]
public enum CallResult
{
    /// <summary>Both ends talked.</summary>
    [JsonStringEnumMemberName("answered")] Answered,

    /// <summary>The destination, or the user, did not answer in time.</summary>
    [JsonStringEnumMemberName("no-answer")] NoAnswer,

    [JsonStringEnumMemberName("busy")] Busy,

    /// <summary>Somebody refused: a device, the destination, or a policy.</summary>
    [JsonStringEnumMemberName("refused")] Refused,

    /// <summary>Hung up by the user or through the API before both ends talked.</summary>
    [JsonStringEnumMemberName("cancelled")] Cancelled,

    /// <summary>A part of the system or of the network failed.</summary>
    [JsonStringEnumMemberName("failed")] Failed,
}

/// <summary>Result, stable reason slug (see <see cref="CallReasons"/>) and, where a SIP response decided it, its status code.</summary>
public sealed record CallOutcome(CallResult Result, string Reason, int? SipStatus = null);
