namespace ClickToDial.Contracts.Calls;

/// <summary>One leg of a call: a device that was rung, the destination, or a caller from outside.</summary>
/// <param name="LegId">Unique within the call.</param>
/// <param name="Device">The registered device's account name, for a user's leg.</param>
/// <param name="Trunk">The trunk the leg went out or came in by.</param>
/// <param name="AnsweredAt">Null when it never answered.</param>
/// <param name="SipStatus">The final response to the INVITE, or null when there was none.</param>
/// <param name="Media">Null when no media flowed.</param>
/// <param name="Replaces">The leg whose place it took, or was rung to take, by a transfer.</param>
public sealed record LegSummary(
    string LegId,
    LegRole Role,
    string? Device = null,
    string? Trunk = null,
    DateTimeOffset? RingingAt = null,
    DateTimeOffset? AnsweredAt = null,
    DateTimeOffset? EndedAt = null,
    int? SipStatus = null,
    string? Reason = null,
    MediaSummary? Media = null,
    string? Replaces = null);
