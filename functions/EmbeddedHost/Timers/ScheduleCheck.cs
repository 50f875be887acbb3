using ClickToDial.EmbeddedHost.Functions;

namespace ClickToDial.EmbeddedHost.Timers;

/// <summary>What to do with a stored schedule when the host starts.</summary>
/// <param name="Status">Where the schedule stands now.</param>
/// <param name="Changed">Whether it differs from what is stored.</param>
/// <param name="IsPastDue">Whether a run was missed.</param>
internal readonly record struct ScheduleCheck(ScheduleStatus Status, bool Changed, bool IsPastDue);
