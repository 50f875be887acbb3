using ClickToDial.EmbeddedHost.Functions;

namespace ClickToDial.EmbeddedHost.Timers;

/// <summary>Where monitored schedules are kept.</summary>
internal interface IScheduleStore
{
    /// <summary>Null when the function never ran here.</summary>
    Task<ScheduleStatus?> ReadAsync(string function, CancellationToken cancel);

    Task WriteAsync(string function, ScheduleStatus status, CancellationToken cancel);
}
