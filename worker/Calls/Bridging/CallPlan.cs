using ClickToDial.Calls.Directory;
using ClickToDial.Calls.Legs;
using ClickToDial.Calls.Trunks;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;

namespace ClickToDial.Calls.Bridging;

/// <summary>Who calls from outside, and by which way it was sent on here.</summary>
/// <param name="MaxForwards">Hops that are left.</param>
/// <param name="Onward">The number to which the call is sent on, because nobody can be reached here; null to ring the user.</param>
internal sealed record InboundCaller(Caller Caller, Diversions Diversions, int MaxForwards, string? Onward = null);

/// <summary>What a call is to be, whoever asked for it: the control API, a device that dials, or a caller from outside.</summary>
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
    /// <summary>Where it goes, where that was decided beforehand; null to route the destination when it is dialled.</summary>
    public Route? Route { get; init; }

    /// <summary>What a page asked for, where another destination is called for it; null where it is the same.</summary>
    public string? Asked { get; init; }

    /// <summary>Whom phones that are rung are told that the call reaches: what was asked for, as a page may be one of them.</summary>
    public string Shown => Asked ?? Destination;

    /// <summary>Headers that the domain's back end adds to the INVITE to the destination; null for none.</summary>
    public IReadOnlyList<KeyValuePair<string, string>>? Headers { get; init; }

    /// <summary>Who calls, when the call came in from outside.</summary>
    public InboundCaller? Inbound { get; init; }

    /// <summary>Who dials does not want to be shown outside (RFC 3323).</summary>
    public bool IsPrivate { get; init; }

    /// <summary>The user's devices are asked to answer by themselves.</summary>
    public bool AutoAnswer { get; init; }

    public CallCourse Course => Inbound switch
    {
        null => CallCourse.UserToDestination,
        { Onward: null } => CallCourse.CallerToUser,
        _ => CallCourse.CallerSentOn,
    };

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
        command.TraceParent)
    {
        AutoAnswer = command.AutoAnswer,
        Asked = command.Asked,
    };
}
