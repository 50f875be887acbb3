using System.Globalization;

namespace ClickToDial.EmbeddedHost.Timers;

/// <summary>Fires at a fixed distance from the last run.</summary>
internal sealed class IntervalSchedule : Schedule
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(365);
    private readonly TimeSpan _interval;

    private IntervalSchedule(TimeSpan interval) => _interval = interval;

    public override bool FiresWithinAMinute => _interval < TimeSpan.FromMinutes(1);

    public override DateTime Next(DateTime after) => after + _interval;

    public static new IntervalSchedule? Parse(string text, out string? error)
    {
        error = null;
        if (TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var interval) && interval > TimeSpan.Zero && interval <= Longest)
            return new IntervalSchedule(interval);
        error = $"the time span '{text}' is not one between zero and a year";
        return null;
    }
}
