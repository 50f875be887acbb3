using ClickToDial.Core.Directory;
using ClickToDial.Core.Guard;

namespace ClickToDial.Core.Tests.Directory;

/// <summary>Row B1: which numbers may be called, as the policy is written.</summary>
public sealed class PolicyReaderTests
{
    [Theory]
    // Nothing written: the countries of the domain's own numbers, without premium ranges.
    [InlineData(null, null, null, "+12025550100", null)]
    [InlineData(null, null, null, "+19005550100", "destination-premium")]
    [InlineData(null, null, null, "+18765550100", "destination-international")]
    [InlineData(null, null, null, "+4930123456", "destination-international")]
    // Countries: those, and no others within their code.
    [InlineData("DE,JM", null, null, "+4930123456", null)]
    [InlineData("DE,JM", null, null, "+18765550100", null)]
    [InlineData("DE,JM", null, null, "+12025550100", "destination-international")]
    [InlineData("*", null, null, "+12025550100", null)]
    [InlineData("*", null, null, "+881612345678", "destination-premium")]
    // Prefixes: as they are written.
    [InlineData(null, "+49,+19005", null, "+4930123456", null)]
    [InlineData(null, "+49,+19005", null, "+12025550100", "destination-not-allowed")]
    [InlineData(null, "+49,+19005", null, "+19005550100", null)]
    [InlineData(null, "+", null, "+19005550100", "destination-premium")]
    [InlineData(null, "+,+1900", null, "+19005550100", null)]
    [InlineData(null, "+", "+4930", "+4930123456", "destination-denied")]
    [InlineData(null, "+", "+1900", "+19005550100", "destination-denied")]
    // Both: prefixes on top of countries.
    [InlineData("US", "+1876", null, "+18765550100", null)]
    [InlineData("US", "+1876", "+1202", "+12025550100", "destination-denied")]
    public void Policy_NamesTheRuleThatRefuses(string? countries, string? allow, string? deny, string number, string? rule) =>
        Assert.Equal(rule, Read(countries, allow, deny).Check(number)?.Reason);

    [Theory]
    [InlineData(null, null, null)]
    [InlineData("US,DE", "+1876,+19005", "+4930")]
    [InlineData(null, "+,+1900", "+1202")]
    [InlineData("*", null, "+44")]
    public void PrefixesForTheWorker_RefuseTheSame(string? countries, string? allow, string? deny)
    {
        var policy = Read(countries, allow, deny);
        var plain = new Core.Destinations.DestinationPolicy(policy.Allow, policy.AllDenied(), 1, 1);
        string[] numbers = ["+12025550100", "+18765550100", "+19005550100", "+19015550100", "+4930123456", "+4940123456", "+441234567", "+881612345678", "+3312345678"];

        Assert.All(numbers, n => Assert.Equal(policy.Check(n) is null, Longest(plain.Deny, n) < Longest(plain.Allow, n)));

        static int Longest(IEnumerable<string> prefixes, string number) =>
            prefixes.Where(p => number.StartsWith(p, StringComparison.Ordinal)).Select(p => p.Length).DefaultIfEmpty(-1).Max();
    }

    [Fact]
    public void Limits_HaveDefaultsOneByOne()
    {
        var policy = PolicyReader.Read(new SeedPolicy(CallsPerMinutePerUser: 7, Limits: new SeedLimits(User: new CallLimits(Day: 20, AtOnce: 2))), []);

        Assert.Equal(new CallLimits(7, 100, 20, 2), policy.UserLimits);
        Assert.Equal(PolicyReader.AddressDefaults, policy.AddressLimits);
        Assert.True(policy.PhoneAddressLimits.IsNone);
        Assert.Equal(PolicyReader.DestinationDefaults, policy.DestinationLimits);
    }

    [Fact]
    public void Hours_AreThoseOfTheDomain()
    {
        var policy = PolicyReader.Read(new SeedPolicy(Hours: ["mon-fri 08:00-18:00", "sat 10:00-12:00"]), []);

        Assert.Null(policy.CheckTime(new DateTimeOffset(2026, 5, 2, 11, 0, 0, TimeSpan.Zero), TimeZoneInfo.Utc));
        Assert.Equal("outside-hours", policy.CheckTime(new DateTimeOffset(2026, 5, 3, 11, 0, 0, TimeSpan.Zero), TimeZoneInfo.Utc)?.Reason);
    }

    [Theory(DisplayName = "B1: hours are those of the wall clock, the days on which it is changed included")]
    [InlineData("fri 08:00-18:00", "2026-03-27T06:59Z", false)]
    [InlineData("fri 08:00-18:00", "2026-03-27T07:00Z", true)]
    [InlineData("mon 08:00-18:00", "2026-03-30T05:59Z", false)]
    [InlineData("mon 08:00-18:00", "2026-03-30T06:00Z", true)]
    [InlineData("mon 08:00-18:00", "2026-03-30T16:00Z", false)]
    [InlineData("sun 01:00-02:00", "2026-03-29T00:59Z", true)] // The last minute before an hour that there is not.
    [InlineData("sun 02:00-03:00", "2026-03-29T01:00Z", false)]
    [InlineData("sun 02:00-03:00", "2026-10-25T00:30Z", true)] // The hour that there is twice.
    [InlineData("sun 02:00-03:00", "2026-10-25T01:30Z", true)]
    [InlineData("sun 02:00-03:00", "2026-10-25T02:00Z", false)]
    [InlineData("sat 22:00-04:00", "2026-10-25T02:59Z", true)]
    [InlineData("sat 22:00-04:00", "2026-10-25T03:00Z", false)]
    public void Hours_FollowTheWallClock(string hours, string now, bool within)
    {
        var policy = PolicyReader.Read(new SeedPolicy(Hours: [hours]), []);
        var at = DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture);

        Assert.Equal(within ? null : "outside-hours", policy.CheckTime(at, TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"))?.Reason);
    }

    private static Core.Destinations.DestinationPolicy Read(string? countries, string? allow, string? deny) =>
        PolicyReader.Read(new SeedPolicy(List(allow), List(deny), Countries: List(countries)), ["+12025550199"]);

    private static string[]? List(string? text) => text?.Split(',');
}
