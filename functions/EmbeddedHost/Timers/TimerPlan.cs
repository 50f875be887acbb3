using ClickToDial.EmbeddedHost.Indexing;

namespace ClickToDial.EmbeddedHost.Timers;

/// <summary>A timer function with its schedule, and where that is kept (null: nowhere).</summary>
internal sealed record TimerPlan(FunctionEntry Function, Schedule Schedule, bool RunOnStartup, IScheduleStore? Store);
