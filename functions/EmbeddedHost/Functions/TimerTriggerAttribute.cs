namespace ClickToDial.EmbeddedHost.Functions;

/// <summary>
/// Runs the function on a schedule in UTC: six fields of NCRONTAB (five: without seconds), a time span, or <c>%setting%</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class TimerTriggerAttribute(string schedule) : Attribute
{
    /// <summary>Also run once when the host starts.</summary>
    public bool RunOnStartup { get; set; }

    public string Schedule { get; } = schedule;

    /// <summary>
    /// Keep the schedule in storage, so that a run missed while the host was down is made up for once.
    /// Ignored for schedules that fire more than once a minute.
    /// </summary>
    public bool UseMonitor { get; set; } = true;
}
