using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;

namespace ClickToDial.Core.Calls;

/// <summary>
/// A row and an event make a row. Events may come in any order and more than once; the row is the same in the end. A state never goes
/// back. The worker's terminal event is the last word, also over an end that the sweep had made up; after it nothing changes but what
/// was still missing: who rang, who answered, when.
/// </summary>
public static class CallReducer
{
    /// <param name="receivedAt">When the event came in, by our clock.</param>
    public static (CallRecord Row, CallChange Change) Apply(CallRecord? row, CallEvent e, DateTimeOffset receivedAt)
    {
        row ??= Begin(e);
        if (CallClosing.IsClosing(e)) return Close(row, e, receivedAt);
        if (row.Seen.Contains(e.Sequence)) return (row, CallChange.Duplicate);
        var told = Facts(row, e) with { Seen = row.Seen.Add(e.Follows + 1 ?? e.Sequence, e.Sequence), HeardAt = Latest(row.HeardAt, receivedAt) };
        if (e.Type == CallEventType.CallEnded && Outranks(e.Sequence, row)) return (End(told, e), CallChange.Applied);
        return row.IsOpen ? (told with { State = Later(row.State, StateOf(e)) }, CallChange.Applied) : (told, CallChange.Late);
    }

    private static CallRecord Begin(CallEvent e) => new()
    {
        CallId = e.CallId,
        Domain = e.Call.Domain,
        Direction = e.Call.Direction,
        User = e.Call.User,
        Destination = e.Call.Destination,
        Asked = e.Call.Asked,
        CallerId = e.Call.CallerId,
    };

    /// <summary>The sweep's end is void when something was heard of the call after the sweep had looked.</summary>
    private static (CallRecord Row, CallChange Change) Close(CallRecord row, CallEvent e, DateTimeOffset madeAt) =>
        !row.IsOpen || row.LastNewsAt > madeAt ? (row, CallChange.Duplicate) : (End(row, e), CallChange.Applied);

    private static bool Outranks(int sequence, CallRecord row) =>
        row.IsOpen || row.EndSequence == CallClosing.Sequence || sequence < row.EndSequence;

    /// <summary>What an event tells beside the state. Of two tellings that differ one is chosen by value, never by which came first.</summary>
    private static CallRecord Facts(CallRecord row, CallEvent e)
    {
        var told = row with
        {
            StartedAt = Earliest(row.StartedAt, e.Call.StartedAt),
            Worker = e.Worker ?? row.Worker,
            TraceParent = e.TraceParent ?? row.TraceParent,
            LastEventAt = Latest(row.LastEventAt, e.Time),
            Pbx = Details(row.Pbx, e.Pbx),
            ConnectedAt = e.Type == CallEventType.CallConnected ? Earliest(row.ConnectedAt, e.ConnectedAt ?? e.Time) : row.ConnectedAt,
            DevicesRung = e.Leg is { Role: LegRole.User, Device: { } rung } ? row.DevicesRung.With(rung) : row.DevicesRung,
        };
        // Once the legs are there they say who answered.
        return row.Legs.Count > 0 ? told : told with
        {
            AnsweredDevice = First(row.AnsweredDevice, Answered(e, LegRole.User)?.Device),
            Trunk = First(row.Trunk, Answered(e, LegRole.Destination)?.Trunk),
        };
    }

    private static PbxCallDetails? Details(PbxCallDetails? a, PbxCallDetails? b)
    {
        if (a is null || b is null) return a ?? b;
        return new PbxCallDetails(
            First(a.UniqueCallId, b.UniqueCallId), First(a.CallerName, b.CallerName), First(a.UserName, b.UserName),
            First(a.QueueName, b.QueueName), First(a.RingGroupName, b.RingGroupName), a.TotalSeconds ?? b.TotalSeconds, a.TalkSeconds ?? b.TalkSeconds);
    }

    private static CallRecord End(CallRecord row, CallEvent e)
    {
        var ended = row with
        {
            State = CallState.Ended,
            EndSequence = e.Sequence,
            EndedAt = e.Time,
            ConnectedAt = Earliest(row.ConnectedAt, e.ConnectedAt),
            Outcome = e.Outcome,
        };
        return e.Legs is { Count: > 0 } legs ? WithLegs(ended, legs) : ended;
    }

    private static CallRecord WithLegs(CallRecord row, IReadOnlyList<LegSummary> legs)
    {
        // Who came by a transfer took a place that somebody had: the call was answered, and went out, before.
        var destinations = legs.Where(l => l is { Role: LegRole.Destination, Replaces: null }).ToList();
        return row with
        {
            Legs = new LegList([.. legs]),
            DevicesRung = legs.Where(l => l is { Role: LegRole.User, Device: not null })
                .Aggregate(row.DevicesRung, (devices, leg) => devices.With(leg.Device!)),
            AnsweredDevice = legs.FirstOrDefault(l => l is { Role: LegRole.User, AnsweredAt: not null, Replaces: null })?.Device,
            Trunk = (legs.FirstOrDefault(l => l.Role == LegRole.Caller)
                ?? destinations.Find(l => l.AnsweredAt is not null) ?? destinations.LastOrDefault())?.Trunk,
        };
    }

    private static LegSummary? Answered(CallEvent e, LegRole role) =>
        e.Type == CallEventType.LegAnswered && e.Leg is { Replaces: null } leg && leg.Role == role ? leg : null;

    private static CallState Later(CallState a, CallState b) => a > b ? a : b;

    private static DateTimeOffset? Earliest(DateTimeOffset? a, DateTimeOffset? b) => b is null || a < b ? a : b;

    private static DateTimeOffset? Latest(DateTimeOffset? a, DateTimeOffset b) => a > b ? a : b;

    private static string? First(string? a, string? b) => b is null || (a is not null && string.CompareOrdinal(a, b) < 0) ? a : b;

    private static CallState StateOf(CallEvent e) => e.Type switch
    {
        CallEventType.CallPrompting => CallState.Prompting,
        CallEventType.CallConfirmed => CallState.RingingDestination,
        CallEventType.CallConnected => CallState.Connected,
        CallEventType.CallEnded => CallState.Ended,
        CallEventType.LegRinging or CallEventType.LegAnswered when e.Leg?.Role == LegRole.Destination => CallState.RingingDestination,
        _ => CallState.RingingUser,
    };
}
