using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;
using ClickToDial.Core.Destinations;

namespace ClickToDial.Core.Calls;

/// <summary>One call in the call log.</summary>
public sealed record CallRecord
{
    public required CallId CallId { get; init; }

    public required string Domain { get; init; }

    public required CallDirection Direction { get; init; }

    public required string User { get; init; }

    public required string Destination { get; init; }

    /// <summary>What a page asked for, where another destination is called for it.</summary>
    public string? Asked { get; init; }

    public string? CallerId { get; init; }

    public CallState State { get; init; }

    /// <summary>When the API was asked; null for calls it did not start.</summary>
    public DateTimeOffset? RequestedAt { get; init; }

    /// <summary>When the worker took the call on.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When both ends began to talk.</summary>
    public DateTimeOffset? ConnectedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Number of the event that ended the call; <see cref="CallClosing.Sequence"/> when the sweep did.</summary>
    public int? EndSequence { get; init; }

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

    /// <summary>Time of the newest event, by the worker's clock.</summary>
    public DateTimeOffset? LastEventAt { get; init; }

    /// <summary>When an event last came in, by our clock; later than it happened when it had to wait.</summary>
    public DateTimeOffset? HeardAt { get; init; }

    /// <summary>When the worker was last asked to take the call on.</summary>
    public DateTimeOffset? AttemptedAt { get; init; }

    /// <summary>When the worker last said that it has the call.</summary>
    public DateTimeOffset? ConfirmedAt { get; init; }

    /// <summary>When the worker was first found without the call; void once there is later news.</summary>
    public DateTimeOffset? DoubtedAt { get; init; }

    /// <summary>Told of by another PBX than our workers: they know nothing of it, so they are not asked about it.</summary>
    public bool IsForeign { get; init; }

    /// <summary>What another PBX told beyond this.</summary>
    public PbxCallDetails? Pbx { get; init; }

    /// <summary>The last step that was handed on to subscribers; later steps wait for those before them, for a while.</summary>
    public int HandedOn { get; init; }

    /// <summary>Since when a step is missing that later ones wait for; null when none is.</summary>
    public DateTimeOffset? GapSince { get; init; }

    /// <summary>Given up before the worker had it: it is never dialled after this.</summary>
    public DateTimeOffset? AbandonedAt { get; init; }

    /// <summary>The chain that waits for the answer or the end of the call.</summary>
    public string? WatchedBy { get; init; }

    public bool IsOpen => State != CallState.Ended;

    /// <summary>The worker's own terminal event is in.</summary>
    public bool IsEndedByWorker => !IsOpen && EndSequence != CallClosing.Sequence;

    /// <summary>From the worker's start to the end: ring and talk.</summary>
    public TimeSpan? TotalDuration => Pbx?.TotalSeconds is { } told ? TimeSpan.FromSeconds(told) : Positive(EndedAt - (StartedAt ?? RequestedAt));

    /// <summary>Zero when the call ended without both ends talking.</summary>
    public TimeSpan? TalkDuration =>
        Pbx?.TalkSeconds is { } told ? TimeSpan.FromSeconds(told) : EndedAt is null ? null : Positive(EndedAt - (ConnectedAt ?? EndedAt));

    /// <summary>The last time anything of the call came in here.</summary>
    public DateTimeOffset? LastNewsAt => new[] { RequestedAt, AttemptedAt, HeardAt, ConfirmedAt }.Max();

    /// <summary>The last time the call is known to have been there.</summary>
    public DateTimeOffset? LastSignAt => new[] { RequestedAt, AttemptedAt, StartedAt, ConnectedAt, LastEventAt, ConfirmedAt }.Max();

    public static CallRecord Requested(PlacedCall placed) => new()
    {
        CallId = placed.CallId,
        Domain = placed.Command.Domain,
        // Whoever is no number is a user of the domain or a test number.
        Direction = DestinationName.IsE164(placed.Command.Destination) ? CallDirection.Outbound : CallDirection.Internal,
        User = placed.Command.User,
        Destination = placed.Command.Destination,
        CallerId = placed.Command.CallerId,
        RequestedAt = placed.RequestedAt,
        AttemptedAt = placed.RequestedAt,
        TraceParent = placed.Command.TraceParent,
    };

    // Times of a call may come from two clocks.
    private static TimeSpan? Positive(TimeSpan? duration) => duration < TimeSpan.Zero ? TimeSpan.Zero : duration;
}
