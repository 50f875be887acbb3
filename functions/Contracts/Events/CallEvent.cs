using ClickToDial.Contracts.Calls;

namespace ClickToDial.Contracts.Events;

/// <summary>
/// One step of a call, told by the worker. The id is stable over retries; sequence numbers of a call start at 1 and have
/// no gaps; exactly one event of a call is terminal (<see cref="CallEventType.CallEnded"/>) and it is the last.
/// </summary>
/// <param name="Sequence">0 on an end that the functions made for a call whose worker had lost it; the worker's own end replaces it.</param>
/// <param name="Id">Globally unique: use <see cref="IdFor"/>.</param>
/// <param name="Worker">The worker instance that tells it; null for an event made by the sweep.</param>
/// <param name="Call">Who calls whom; on every event, so that each can be read alone.</param>
/// <param name="Leg">The leg the event is about, for leg events.</param>
/// <param name="Outcome">On the terminal event only.</param>
/// <param name="Legs">Every leg of the call with its media counts, on the terminal event only.</param>
/// <param name="ConnectedAt">When both ends began to talk; on the connected and the terminal event.</param>
/// <param name="TraceParent">W3C trace context of the request that started the call.</param>
/// <param name="Transfer">On the events of a transfer, and on the terminal event of a call whose other end went over into another call.</param>
/// <param name="Recording">On the events of a recording.</param>
public sealed record CallEvent(
    string Id,
    CallId CallId,
    int Sequence,
    CallEventType Type,
    DateTimeOffset Time,
    CallParties Call,
    string? Worker = null,
    LegSummary? Leg = null,
    CallOutcome? Outcome = null,
    IReadOnlyList<LegSummary>? Legs = null,
    DateTimeOffset? ConnectedAt = null,
    string? TraceParent = null,
    TransferSummary? Transfer = null,
    RecordingSummary? Recording = null)
{
    /// <summary>Version of this record's meaning; members are only ever added.</summary>
    public int Version { get; init; } = 1;

    /// <summary>
    /// Sequence number of the step before this one, where that is not the number before: steps between the two did not happen and
    /// are not waited for. Null, as always with our own workers, where no step is missing.
    /// </summary>
    public int? Follows { get; init; }

    /// <summary>What another PBX told beyond this; null for calls of our own workers.</summary>
    public PbxCallDetails? Pbx { get; init; }

    public static string IdFor(CallId callId, int sequence) => $"{callId.Value}.{sequence}";
}
