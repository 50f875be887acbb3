using ClickToDial.Calls.Control;
using ClickToDial.Calls.Events;
using ClickToDial.Calls.Legs;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;
using ClickToDial.Contracts.Events;

namespace ClickToDial.Calls.Bridging;

/// <summary>
/// What is told of one call: events to the spool, numbered without a gap, and the snapshot for whoever asks. Written by the
/// call's loop; the snapshot may be read from anywhere.
/// </summary>
internal sealed class CallRecord
{
    private readonly EventSpool _spool;
    private readonly CallFeed _feed;
    private readonly string _worker;
    private readonly CallTrace _trace;
    private readonly CallMetrics _metrics;
    private readonly CallParties _parties;
    private int _sequence;
    private DateTimeOffset? _connectedAt;
    private volatile CallSnapshot _snapshot;

    public CallRecord(EventSpool spool, CallFeed feed, CallMetrics metrics, string worker, CallId id, CallParties parties, string? traceParent)
    {
        _spool = spool;
        _feed = feed;
        _worker = worker;
        _metrics = metrics;
        _trace = new CallTrace(id, parties, traceParent);
        _parties = parties;
        _snapshot = new CallSnapshot(id, CallState.Requested, parties);
    }

    public CallTrace Trace => _trace;

    public CallId Id => _snapshot.CallId;

    public CallParties Parties => _parties;

    public CallSnapshot Snapshot => _snapshot;

    public bool IsConnected => _connectedAt is not null;

    /// <summary>Tells that the call was taken on; returns when that is on disk, for only then may anybody be rung.</summary>
    public async Task StartAsync()
    {
        await _spool.AppendDurablyAsync(Next(CallEventType.CallStarted, _parties.StartedAt));
        _feed.Publish(_snapshot);
    }

    public ValueTask TellAsync(CallEventType type, DateTimeOffset now, Leg? leg = null) =>
        _spool.AppendAsync(Next(type, now) with { Leg = leg?.Summary() });

    public ValueTask TellAsync(CallEventType type, DateTimeOffset now, Leg? leg, TransferSummary transfer) =>
        _spool.AppendAsync(Next(type, now) with { Leg = leg?.Summary(), Transfer = transfer });

    public ValueTask TellAsync(CallEventType type, DateTimeOffset now, RecordingSummary recording) =>
        _spool.AppendAsync(Next(type, now) with { Recording = recording });

    /// <summary>Returns when it is on disk.</summary>
    public Task TellDurablyAsync(CallEventType type, DateTimeOffset now, RecordingSummary recording) =>
        _spool.AppendDurablyAsync(Next(type, now) with { Recording = recording });

    public ValueTask ConnectAsync(DateTimeOffset now)
    {
        _connectedAt = now;
        _metrics.Connected(_parties, now);
        _trace.Talk();
        return TellAsync(CallEventType.CallConnected, now);
    }

    /// <summary>The one terminal event.</summary>
    public ValueTask EndAsync(DateTimeOffset now, CallOutcome outcome, IReadOnlyList<LegSummary> legs, TransferSummary? transfer = null)
    {
        _metrics.Ended(_parties, outcome);
        _trace.End(outcome, legs);
        return _spool.AppendAsync(Next(CallEventType.CallEnded, now) with { Outcome = outcome, Legs = legs, Transfer = transfer });
    }

    public void Show(CallState state, IReadOnlyList<Leg> legs, TalkDetails? talk = null) => Show(new CallSnapshot(
        Id, state, _parties, _connectedAt, Legs: [.. legs.Select(leg => leg.Summary())], Talk: talk));

    public void ShowEnd(DateTimeOffset now, CallOutcome outcome, IReadOnlyList<LegSummary> legs) =>
        Show(new CallSnapshot(Id, CallState.Ended, _parties, _connectedAt, now, outcome, legs));

    // First where it is found, then told: who is told of it looks it up.
    private void Show(CallSnapshot snapshot)
    {
        _snapshot = snapshot;
        _feed.Publish(snapshot);
    }

    private CallEvent Next(CallEventType type, DateTimeOffset now)
    {
        var sequence = ++_sequence;
        return new CallEvent(
            CallEvent.IdFor(Id, sequence), Id, sequence, type, now, _parties, _worker,
            ConnectedAt: type is CallEventType.CallConnected or CallEventType.CallEnded ? _connectedAt : null,
            TraceParent: _trace.TraceParent);
    }
}
