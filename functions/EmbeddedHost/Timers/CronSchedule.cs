namespace ClickToDial.EmbeddedHost.Timers;

/// <summary>
/// NCRONTAB as the real host reads it: second, minute, hour, day of month, month, day of week (0 is Sunday); five fields mean
/// second 0. Unlike Unix cron, day of month and day of week must both match. Stricter than the real host in what never makes
/// sense: a range that runs backwards, and a date that never comes, are refused.
/// </summary>
internal sealed class CronSchedule : Schedule
{
    /// <summary>A 29 February on a given weekday comes back after 40 years at most.</summary>
    private const int MonthsToSearch = 12 * 41;

    private readonly ulong _seconds;
    private readonly ulong _minutes;
    private readonly ulong _hours;
    private readonly ulong _days;
    private readonly ulong _months;
    private readonly ulong _weekdays;

    private CronSchedule(ReadOnlySpan<ulong> sets) =>
        (_seconds, _minutes, _hours, _days, _months, _weekdays) = (sets[0], sets[1], sets[2], sets[3], sets[4], sets[5]);

    public override bool FiresWithinAMinute => System.Numerics.BitOperations.PopCount(_seconds) > 1
        && _minutes == CronField.Minute.All && _hours == CronField.Hour.All && _days == CronField.Day.All
        && _months == CronField.Month.All && _weekdays == CronField.Weekday.All;

    public static new CronSchedule? Parse(string text, out string? error)
    {
        CronField[] fields =
            [CronField.Second, CronField.Minute, CronField.Hour, CronField.Day, CronField.Month, CronField.Weekday];
        var parts = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length is not (5 or 6))
        {
            error = $"the schedule '{text}' has {parts.Length} fields instead of six or five";
            return null;
        }
        Span<ulong> sets = stackalloc ulong[6];
        sets[0] = 1;
        for (int i = 0, field = 6 - parts.Length; i < parts.Length; i++, field++)
        {
            sets[field] = fields[field].Parse(parts[i], out error);
            if (error is not null) return null;
        }
        var schedule = new CronSchedule(sets);
        error = schedule.Search(DateTime.UnixEpoch) is null ? $"the schedule '{text}' names a date that never comes" : null;
        return error is null ? schedule : null;
    }

    public override DateTime Next(DateTime after) =>
        Search(after) ?? throw new ArgumentOutOfRangeException(nameof(after), "The calendar ends before the next run.");

    private DateTime? Search(DateTime after)
    {
        if (after > DateTime.MaxValue.AddYears(-42)) return null;
        var from = new DateTime(after.Ticks - (after.Ticks % TimeSpan.TicksPerSecond), DateTimeKind.Utc).AddSeconds(1);
        var day = from.Date;
        for (var months = 0; months < MonthsToSearch; months++)
        {
            if ((_months >> day.Month & 1) != 0 && InMonth(day, from) is { } found) return found;
            day = new DateTime(day.Year, day.Month, 1, 0, 0, 0, DateTimeKind.Utc).AddMonths(1);
        }
        return null;
    }

    private DateTime? InMonth(DateTime day, DateTime from)
    {
        var month = day.Month;
        for (; day.Month == month; day = day.AddDays(1))
        {
            if ((_days >> day.Day & 1) == 0 || (_weekdays >> (int)day.DayOfWeek & 1) == 0) continue;
            if (InDay(day == from.Date ? from.TimeOfDay : TimeSpan.Zero) is { } time) return day + time;
        }
        return null;
    }

    private TimeSpan? InDay(TimeSpan from)
    {
        for (var hour = CronField.NextIn(_hours, from.Hours); hour >= 0; hour = CronField.NextIn(_hours, hour + 1))
        {
            var inFirstHour = hour == from.Hours;
            for (var minute = CronField.NextIn(_minutes, inFirstHour ? from.Minutes : 0); minute >= 0; minute = CronField.NextIn(_minutes, minute + 1))
            {
                var second = CronField.NextIn(_seconds, inFirstHour && minute == from.Minutes ? from.Seconds : 0);
                if (second >= 0) return new TimeSpan(hour, minute, second);
            }
        }
        return null;
    }
}
