namespace ClickToDial.EmbeddedHost.Timers;

/// <summary>When a timer fires, in UTC. Immutable and without a clock.</summary>
internal abstract class Schedule
{
    /// <summary>Whether two runs can be less than a minute apart; such a schedule is not monitored.</summary>
    public abstract bool FiresWithinAMinute { get; }

    /// <summary>The first time after <paramref name="after"/>.</summary>
    public abstract DateTime Next(DateTime after);

    /// <summary>Reads six fields, five fields (second 0), or a time span; null with the reason when it is neither.</summary>
    public static Schedule? Parse(string text, out string? error)
    {
        if (text.Contains(':', StringComparison.Ordinal)) return IntervalSchedule.Parse(text, out error);
        return CronSchedule.Parse(text, out error);
    }
}
