namespace ClickToDial.Core.Calls;

/// <param name="Quiet">An open call without news for so long is asked about at the worker.</param>
/// <param name="WorkerGone">A call is closed when its worker cannot be reached, or keeps a finished call's end to itself, for so long.</param>
public sealed record SweepTimes(TimeSpan Quiet, TimeSpan WorkerGone);
