namespace ClickToDial.EmbeddedHost.Functions;

/// <summary>What a timer function is told about the run.</summary>
public class TimerInfo
{
    /// <summary>The run makes up for one that was missed while the host was down.</summary>
    public bool IsPastDue { get; set; }

    /// <summary>Null when the schedule is not monitored.</summary>
    public ScheduleStatus? ScheduleStatus { get; set; }
}
