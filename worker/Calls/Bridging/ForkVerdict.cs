namespace ClickToDial.Calls.Bridging;

/// <summary>Which of the final responses of several devices speaks for all of them (after RFC 3261 section 16.7).</summary>
internal static class ForkVerdict
{
    /// <param name="statuses">Final responses; 0 for a device that could not be reached.</param>
    public static int Best(IEnumerable<int> statuses) => statuses.DefaultIfEmpty().MinBy(Rank);

    // What a person did counts more than what a device lacks, and that more than silence.
    private static int Rank(int status) => status switch
    {
        >= 600 => 0,
        486 => 1,
        403 or 603 => 2,
        480 => 3,
        >= 400 and < 500 and not 408 => 4,
        408 => 5,
        >= 500 => 6,
        _ => 7,
    };
}
