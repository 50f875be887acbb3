using System.Collections.Immutable;
using ClickToDial.Core.Guard;
using ClickToDial.Core.Problems;

namespace ClickToDial.Core.Destinations;

/// <summary>
/// Which numbers a domain may call, how often, and when. Of the allowed and denied prefixes that match the longest decides; at equal
/// length deny wins; without a match the number is not allowed. Premium ranges, and other countries within an allowed code, are refused
/// unless a prefix at least as long allows them. Users of the domain and test numbers cost nothing and are always allowed.
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

    public static DestinationPolicy Default { get; } = new(["+"], [], CallsPerMinutePerUser: 10, MaxCallSeconds: 4 * 3600);

    /// <summary>Prefixes of countries that are not allowed, within the code of one that is.</summary>
    public ImmutableArray<string> OtherCountries { get; init; } = [];

    /// <summary>What is allowed follows from countries, not from prefixes that somebody wrote.</summary>
    public bool IsByCountry { get; init; }

    /// <summary>Calling code with "+" of the only country that the domain has numbers of; null where that is not clear.</summary>
    public string? HomeCode { get; init; }

    public CallLimits UserLimits { get; init; } = new(CallsPerMinutePerUser);

    /// <summary>Of those who call with a session token, a link or a browser; servers with API keys have limits of their own.</summary>
    public CallLimits AddressLimits { get; init; } = CallLimits.None;

    /// <summary>Of phones that dial by SIP, which prove themselves by a password; none where nothing is said, as a whole office has one address.</summary>
    public CallLimits PhoneAddressLimits { get; init; } = CallLimits.None;

    /// <summary>Of calls to one number outside.</summary>
    public CallLimits DestinationLimits { get; init; } = CallLimits.None;

    /// <summary>When calls to numbers may begin; empty for always.</summary>
    public ImmutableArray<CallHours> Hours { get; init; } = [];

    public Problem? Check(string number)
    {
        var allowed = LongestMatch(Allow, number);
        var denied = LongestMatch(Deny, number);
        if (denied >= allowed && denied >= 0) return KnownProblems.DestinationDenied;
        if (LongestMatch(PremiumRanges, number) > allowed) return KnownProblems.DestinationPremium;
        if (allowed >= 0 && LongestMatch(OtherCountries, number) <= allowed) return null;
        return IsByCountry ? KnownProblems.DestinationInternational : KnownProblems.DestinationNotAllowed;
    }

    /// <param name="zone">The domain's: hours are those of the clock on its wall, whatever daylight saving does to it.</param>
    public Problem? CheckTime(DateTimeOffset now, TimeZoneInfo zone)
    {
        if (Hours.IsEmpty) return null;
        var local = TimeZoneInfo.ConvertTime(now, zone).DateTime;
        return Hours.Any(h => h.Contains(local)) ? null : KnownProblems.OutsideHours;
    }

    /// <summary>Everything that is refused, as prefixes, for those who know allowed and denied prefixes only.</summary>
    public ImmutableArray<string> AllDenied() =>
        [.. Deny, .. PremiumRanges.Concat(OtherCountries).Where(p => !Allow.Contains(p) && !Deny.Contains(p)).Distinct(StringComparer.Ordinal)];

    private static int LongestMatch(ImmutableArray<string> prefixes, string number)
    {
        var longest = -1;
        foreach (var prefix in prefixes)
            if (prefix.Length > longest && number.StartsWith(prefix, StringComparison.Ordinal))
                longest = prefix.Length;
        return longest;
    }
}
