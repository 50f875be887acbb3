namespace ClickToDial.Media.Tests.Support;

/// <summary>What code allocates on the thread that runs it; other threads and the collector do not count.</summary>
internal static class Allocations
{
    private const int MostRuns = 4;

    /// <summary>
    /// Octets in the leanest of a few runs: what is ours allocates in every one of them, while the runtime, which replaces code while it
    /// runs, allocates some now and then, in none of them in particular. The first run may as well be the warm-up.
    /// </summary>
    public static long OfLeanestRun(Action run)
    {
        var leanest = long.MaxValue;
        for (var i = 0; i < MostRuns && leanest > 0; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            run();
            leanest = Math.Min(leanest, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return leanest;
    }
}
