using System.Collections.Immutable;
using ClickToDial.Core.Problems;

namespace ClickToDial.Core.Destinations;

/// <summary>
/// Which numbers a domain may call, and how often. The longest prefix that matches decides; at equal length deny wins;
/// without a match the number is not allowed. Users of the domain and test numbers cost nothing and are always allowed.
/// </summary>
/// <param name="Allow">Number prefixes with "+".</param>
/// <param name="Deny">Number prefixes with "+".</param>
/// <param name="CallsPerMinutePerUser">1 to 300: the marks of a minute's calls are kept in one table cell.</param>
/// <param name="MaxCallSeconds">The worker ends a call after so many seconds of talk.</param>
public sealed record DestinationPolicy(
    ImmutableArray<string> Allow,
    ImmutableArray<string> Deny,
    int CallsPerMinutePerUser,
    int MaxCallSeconds)
{
    /// <summary>
    /// Ranges that mostly serve premium-rate and call-back fraud: shared-cost and premium country codes (979, 808), satellite and
    /// global networks (870, 881-883, 888), and the premium ranges of the North American, British, German, French and Spanish plans.
    /// </summary>
    public static ImmutableArray<string> PremiumRanges { get; } =
    [
        "+979", "+808", "+870", "+881", "+882", "+883", "+888",
        "+1900", "+1976", "+449", "+4487", "+49900", "+49137", "+3389", "+34803", "+34806", "+34807", "+34905",
    ];

    public static DestinationPolicy Default { get; } = new(["+"], PremiumRanges, CallsPerMinutePerUser: 10, MaxCallSeconds: 4 * 3600);

    public Problem? Check(string number)
    {
        var allowed = LongestMatch(Allow, number);
        var denied = LongestMatch(Deny, number);
        if (denied >= allowed && denied >= 0) return KnownProblems.DestinationDenied;
        return allowed >= 0 ? null : KnownProblems.DestinationNotAllowed;
    }

    private static int LongestMatch(ImmutableArray<string> prefixes, string number)
    {
        var longest = -1;
        foreach (var prefix in prefixes)
            if (prefix.Length > longest && number.StartsWith(prefix, StringComparison.Ordinal))
                longest = prefix.Length;
        return longest;
    }
}
