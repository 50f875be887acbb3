using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;

namespace ClickToDial.Calls.Bridging;

/// <summary>What a call is to be, whoever asked for it: the control API, or a device that dials.</summary>
internal sealed record CallPlan(
    CallId Id,
    string Domain,
    string User,
    string Destination,
    CallDirection Direction,
    string? CallerId,
    bool Prompt,
    TimeSpan RingTimeout,
    TimeSpan MaxDuration,
    string? TraceParent = null)
{
    public static CallPlan Of(CallId id, OriginateCommand command, CallDirection direction, TimeSpan maxDuration) => new(
        id,
        command.Domain.ToLowerInvariant(),
        command.User,
        command.Destination,
        direction,
        command.CallerId,
        command.Prompt,
        TimeSpan.FromSeconds(command.RingTimeoutSeconds),
        command.MaxDurationSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : maxDuration,
        command.TraceParent);
}
