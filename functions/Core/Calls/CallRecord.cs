using ClickToDial.Contracts.Calls;

namespace ClickToDial.Core.Calls;

/// <summary>One call in the call log.</summary>
public sealed record CallRecord
{
    public required CallId CallId { get; init; }

    public required string Domain { get; init; }

    public required CallDirection Direction { get; init; }

    public required string User { get; init; }

    public required string Destination { get; init; }

    public string? CallerId { get; init; }

    public CallState State { get; init; }

    /// <summary>When the API was asked; null for calls it did not start.</summary>
    public DateTimeOffset? RequestedAt { get; init; }

    /// <summary>When the worker took the call on.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When both ends began to talk.</summary>
    public DateTimeOffset? ConnectedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Set with <see cref="CallState.Ended"/>.</summary>
    public CallOutcome? Outcome { get; init; }

    /// <summary>The user's devices that rang, in ordinal order.</summary>
    public TextList DevicesRung { get; init; } = TextList.Empty;

    public string? AnsweredDevice { get; init; }

    public string? Trunk { get; init; }

    /// <summary>Every leg with its media counts; empty before the end.</summary>
    public LegList Legs { get; init; } = LegList.Empty;

    public string? Worker { get; init; }

    public string? TraceParent { get; init; }

    public SequenceSet Seen { get; init; } = SequenceSet.Empty;

    /// <summary>Time of the newest event.</summary>
    public DateTimeOffset? LastEventAt { get; init; }

    /// <summary>When the worker was last asked to take the call on.</summary>
    public DateTimeOffset? AttemptedAt { get; init; }

    /// <summary>When the worker last said that it has the call.</summary>
    public DateTimeOffset? ConfirmedAt { get; init; }

    /// <summary>Given up before the worker had it: it is never dialled after this.</summary>
    public DateTimeOffset? AbandonedAt { get; init; }

    public bool IsOpen => State != CallState.Ended;

    /// <summary>From the worker's start to the end: ring and talk.</summary>
    public TimeSpan? TotalDuration => EndedAt - (StartedAt ?? RequestedAt);

    /// <summary>Zero when the call ended without both ends talking.</summary>
    public TimeSpan? TalkDuration => EndedAt is null ? null : EndedAt - (ConnectedAt ?? EndedAt);

    /// <summary>The last time anything was heard of the call.</summary>
    public DateTimeOffset? LastNewsAt => new[] { RequestedAt, StartedAt, AttemptedAt, LastEventAt, ConfirmedAt }.Max();

    public static CallRecord Requested(PlacedCall placed) => new()
    {
        CallId = placed.CallId,
        Domain = placed.Command.Domain,
        Direction = CallDirection.Outbound,
        User = placed.Command.User,
        Destination = placed.Command.Destination,
        CallerId = placed.Command.CallerId,
        RequestedAt = placed.RequestedAt,
        AttemptedAt = placed.RequestedAt,
        TraceParent = placed.Command.TraceParent,
    };
}
