namespace ClickToDial.Calls.Bridging;

/// <summary>Which of the final responses of several devices or servers speaks for all of them (RFC 3261 section 16.7, step 6).</summary>
internal static class ForkVerdict
{
    /// <param name="statuses">Final responses; 0 for a peer that could not be reached.</param>
    /// <returns>One of them, the first among equals; 0 when there is none.</returns>
    public static int Best(IEnumerable<int> statuses) => statuses.DefaultIfEmpty().MinBy(Rank);

    // 6xx speaks for the user everywhere; else the lowest class. Within 4xx first what would change how the call is made again;
    // not a challenge, though: a proxy passes it on to who can answer it, while here each branch was asked by us, in vain, and
    // nobody else could. Behind that the RFC leaves the choice: what a person did counts more than what a device lacks, and that more than silence.
    private static int Rank(int status) => status switch
    {
        603 => 0,
        >= 600 => 1,
        >= 300 and < 400 => 2,
        415 or 420 or 484 => 3,
        486 => 4,
        403 => 5,
        480 => 6,
        >= 400 and < 500 and not 408 => 7,
        408 => 8,
        503 => 10, // Says of the server that it is away, and nothing of the call.
        >= 500 => 9,
        _ => 11,
    };
}
