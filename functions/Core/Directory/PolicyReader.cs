using System.Collections.Immutable;
using ClickToDial.Core.Destinations;
using ClickToDial.Core.Guard;

namespace ClickToDial.Core.Directory;

/// <summary>A domain's policy as it was written, with what was left out.</summary>
public static class PolicyReader
{
    public static CallLimits UserDefaults { get; } = new(10, 100, 500);

    /// <summary>An office shares an address.</summary>
    public static CallLimits AddressDefaults { get; } = new(30, 300, 1500);

    public static CallLimits DestinationDefaults { get; } = new(10, 60, 200);

    /// <param name="ownNumbers">The domain's own numbers, which tell its countries where the policy does not.</param>
    public static DestinationPolicy Read(SeedPolicy policy, IEnumerable<string> ownNumbers)
    {
        var homes = CountriesOf(ownNumbers);
        var countries = policy.Countries ?? (policy.Allow is null ? homes : []);
        var (within, others) = CallingCodes.Of(countries);
        var limits = policy.Limits ?? new SeedLimits();
        var user = Over(UserDefaults, limits.User);
        user = user with { Minute = policy.CallsPerMinutePerUser ?? user.Minute };
        return new DestinationPolicy(
            [.. (policy.Allow ?? []).Concat(within).Distinct(StringComparer.Ordinal)], [.. policy.Deny ?? []],
            user.Minute!.Value, policy.MaxCallSeconds ?? DestinationPolicy.Default.MaxCallSeconds)
        {
            OtherCountries = others,
            IsByCountry = policy.Allow is null,
            HomeCode = homes is [var home] ? CallingCodes.CodeOf(home) : null,
            UserLimits = user,
            AddressLimits = Over(AddressDefaults, limits.Address),
            PhoneAddressLimits = limits.PhoneAddress ?? CallLimits.None,
            DestinationLimits = Over(DestinationDefaults, limits.Destination),
            Hours = [.. (policy.Hours ?? []).Select(h => CallHours.TryParse(h, out var hours) ? hours : throw new FormatException("A policy's hours cannot be read."))],
        };
    }

    private static CallLimits Over(CallLimits defaults, CallLimits? said) => said is null
        ? defaults
        : new CallLimits(said.Minute ?? defaults.Minute, said.Hour ?? defaults.Hour, said.Day ?? defaults.Day, said.AtOnce ?? defaults.AtOnce);

    private static ImmutableArray<string> CountriesOf(IEnumerable<string> numbers) =>
        [.. numbers.Select(CallingCodes.CountryOf).OfType<string>().Distinct(StringComparer.Ordinal)];
}
