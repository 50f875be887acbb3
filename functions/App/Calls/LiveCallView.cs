using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;

namespace ClickToDial.App.Calls;

/// <summary>A call as its worker sees it at this moment.</summary>
/// <param name="Talk">While both ends talk: who holds, is muted, hears an announcement, is recorded or transferred.</param>
public sealed record LiveCallView(
    CallId Id,
    CallState State,
    CallDirection Direction,
    string Domain,
    string User,
    string Destination,
    string? CallerId,
    DateTimeOffset StartedAt,
    DateTimeOffset? ConnectedAt,
    DateTimeOffset? EndedAt,
    CallResult? Result,
    string? Reason,
    IReadOnlyList<LegSummary> Legs,
    TalkDetails? Talk)
{
    public static LiveCallView Of(CallSnapshot call) => new(
        call.CallId, call.State, call.Call.Direction, call.Call.Domain, call.Call.User, call.Call.Destination, call.Call.CallerId,
        call.Call.StartedAt, call.ConnectedAt, call.EndedAt, call.Outcome?.Result, call.Outcome?.Reason, call.Legs ?? [], call.Talk);
}
