namespace ClickToDial.EmbeddedHost.Functions;

/// <summary>Where a monitored schedule stands; all times are UTC.</summary>
public class ScheduleStatus
{
    /// <summary>The last run; the default value before the first.</summary>
    public DateTime Last { get; set; }

    public DateTime LastUpdated { get; set; }

    public DateTime Next { get; set; }
}
