namespace ClickToDial.Core.Calls;

/// <param name="Quiet">An open call without news for so long is asked about at the worker.</param>
/// <param name="WorkerGone">A call is closed when its worker cannot be reached, or keeps a finished call's end to itself, for so long.</param>
/// <param name="Again">At least so long after the first look that found the call gone, a second one must find the same.</param>
public sealed record SweepTimes(TimeSpan Quiet, TimeSpan WorkerGone, TimeSpan Again);
