using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;

namespace ClickToDial.Core.Calls;

/// <summary>
/// A row and an event make a row. Events may come in any order and more than once; the row is the same in the end. A state
/// never goes back, and the first terminal event is the last word.
/// </summary>
public static class CallReducer
{
    public static (CallRecord Row, CallChange Change) Apply(CallRecord? row, CallEvent e)
    {
        row ??= Begin(e);
        if (row.Seen.Contains(e.Sequence)) return (row, CallChange.Duplicate);
        var seen = row with { Seen = row.Seen.Add(e.Sequence) };
        if (!row.IsOpen) return (seen, CallChange.Late);
        var told = Common(seen, e);
        return (e.Type == CallEventType.CallEnded ? End(told, e) : Step(told, e), CallChange.Applied);
    }

    private static CallRecord Begin(CallEvent e) => new()
    {
        CallId = e.CallId,
        Domain = e.Call.Domain,
        Direction = e.Call.Direction,
        User = e.Call.User,
        Destination = e.Call.Destination,
        CallerId = e.Call.CallerId,
    };

    private static CallRecord Common(CallRecord row, CallEvent e) => row with
    {
        StartedAt = e.Worker is null ? row.StartedAt : e.Call.StartedAt,
        Worker = e.Worker ?? row.Worker,
        TraceParent = e.TraceParent ?? row.TraceParent,
        LastEventAt = row.LastEventAt is { } last && last > e.Time ? last : e.Time,
    };

    private static CallRecord Step(CallRecord row, CallEvent e) => row with
    {
        State = Later(row.State, StateOf(e)),
        ConnectedAt = e.Type == CallEventType.CallConnected ? e.ConnectedAt ?? e.Time : row.ConnectedAt,
        DevicesRung = e.Leg is { Role: LegRole.User, Device: { } rung } ? row.DevicesRung.With(rung) : row.DevicesRung,
        AnsweredDevice = Answered(e, LegRole.User)?.Device ?? row.AnsweredDevice,
        Trunk = Answered(e, LegRole.Destination)?.Trunk ?? row.Trunk,
    };

    // The terminal event tells the whole call, except when the sweep made it and knows no legs.
    private static CallRecord End(CallRecord row, CallEvent e)
    {
        var ended = row with
        {
            State = CallState.Ended,
            EndedAt = e.Time,
            ConnectedAt = e.ConnectedAt ?? row.ConnectedAt,
            Outcome = e.Outcome,
        };
        return e.Legs is { Count: > 0 } legs ? WithLegs(ended, legs) : ended;
    }

    private static CallRecord WithLegs(CallRecord row, IReadOnlyList<LegSummary> legs)
    {
        var destinations = legs.Where(l => l.Role == LegRole.Destination).ToList();
        return row with
        {
            Legs = new LegList([.. legs]),
            DevicesRung = legs.Where(l => l is { Role: LegRole.User, Device: not null })
                .Aggregate(TextList.Empty, (devices, leg) => devices.With(leg.Device!)),
            AnsweredDevice = legs.FirstOrDefault(l => l is { Role: LegRole.User, AnsweredAt: not null })?.Device,
            Trunk = (destinations.Find(l => l.AnsweredAt is not null) ?? destinations.LastOrDefault())?.Trunk,
        };
    }

    private static LegSummary? Answered(CallEvent e, LegRole role) =>
        e.Type == CallEventType.LegAnswered && e.Leg?.Role == role ? e.Leg : null;

    private static CallState Later(CallState a, CallState b) => a > b ? a : b;

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
