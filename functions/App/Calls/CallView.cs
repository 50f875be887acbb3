using ClickToDial.Contracts.Calls;
using ClickToDial.Core.Calls;

namespace ClickToDial.App.Calls;

/// <summary>A call of the call log as the API shows it.</summary>
/// <param name="TotalSeconds">Ring and talk, from the worker's start to the end.</param>
/// <param name="TalkSeconds">From both ends talking to the end; 0 when they never did.</param>
/// <param name="EventsSeen">How many steps of the call were told.</param>
/// <param name="Complete">The call has ended and no step of it is missing.</param>
/// <param name="Asked">What a page asked for, where <paramref name="Destination"/> is called for it; a page sees it as the destination.</param>
public sealed record CallView(
    CallId Id,
    CallState State,
    CallDirection Direction,
    string Domain,
    string User,
    string Destination,
    string? CallerId,
    DateTimeOffset? RequestedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? ConnectedAt,
    DateTimeOffset? EndedAt,
    double? TotalSeconds,
    double? TalkSeconds,
    CallResult? Result,
    string? Reason,
    int? SipStatus,
    IReadOnlyList<string> DevicesRung,
    string? AnsweredDevice,
    string? Trunk,
    IReadOnlyList<LegSummary> Legs,
    int EventsSeen,
    bool Complete,
    string? Asked = null)
{
    public static CallView Of(CallRecord row) => new(
        row.CallId, row.State, row.Direction, row.Domain, row.User, row.Destination, row.CallerId,
        row.RequestedAt, row.StartedAt, row.ConnectedAt, row.EndedAt,
        row.TotalDuration?.TotalSeconds, row.TalkDuration?.TotalSeconds,
        row.Outcome?.Result, row.Outcome?.Reason, row.Outcome?.SipStatus,
        row.DevicesRung.Items, row.AnsweredDevice, row.Trunk, row.Legs.Items,
        row.Seen.Count, row is { IsOpen: false, Seen.HasNoGap: true }, row.Asked);
}
