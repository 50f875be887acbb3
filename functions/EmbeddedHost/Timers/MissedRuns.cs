using ClickToDial.EmbeddedHost.Functions;

namespace ClickToDial.EmbeddedHost.Timers;

/// <summary>
/// The rules of the real host: a run is past due when the stored next run is over; but when the schedule itself was changed
/// meanwhile, what the new one would have missed does not count.
/// </summary>
internal static class MissedRuns
{
    public static ScheduleCheck Check(ScheduleStatus? stored, Schedule schedule, DateTime now)
    {
        if (stored is null)
            return new ScheduleCheck(new ScheduleStatus { Next = schedule.Next(now), LastUpdated = now }, Changed: true, IsPastDue: false);
        var basis = stored.Last != default ? stored.Last : stored.LastUpdated;
        var expected = schedule.Next(basis);
        if (stored.Next == expected) return new ScheduleCheck(stored, Changed: false, IsPastDue: now > stored.Next);
        if (now > expected) (expected, basis) = (schedule.Next(now), now);
        return new ScheduleCheck(new ScheduleStatus { Next = expected, LastUpdated = basis }, Changed: true, IsPastDue: false);
    }
}
