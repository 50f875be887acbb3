using ClickToDial.Core.Destinations;

namespace ClickToDial.Core.Tests.Destinations;

public sealed class DestinationPolicyTests
{
    [Theory]
    [InlineData("+12025550100", null)]
    [InlineData("+4930123456", null)]
    [InlineData("+19005550100", "destination-premium")]
    [InlineData("+979123456789", "destination-premium")]
    [InlineData("+4990012345", "destination-premium")]
    public void Default_AllowsAllButPremiumRanges(string number, string? reason) =>
        Assert.Equal(reason, DestinationPolicy.Default.Check(number)?.Reason);

    [Theory]
    [InlineData("+49", "", "+4930123456", null)]
    [InlineData("+49", "", "+4330123456", "destination-not-allowed")]
    [InlineData("", "", "+4930123456", "destination-not-allowed")]
    [InlineData("+49", "+4930", "+4930123456", "destination-denied")]
    [InlineData("+4930", "+49", "+4930123456", null)]
    [InlineData("+4930", "+49", "+4940123456", "destination-denied")]
    [InlineData("+49", "+49", "+4930123456", "destination-denied")]
    [InlineData("+,+4", "+49", "+4430123456", null)]
    public void LongestPrefixDecides_AndDenyWinsATie(string allow, string deny, string number, string? reason)
    {
        var policy = new DestinationPolicy(
            [.. allow.Split(',', StringSplitOptions.RemoveEmptyEntries)], [.. deny.Split(',', StringSplitOptions.RemoveEmptyEntries)], 10, 60);

        Assert.Equal(reason, policy.Check(number)?.Reason);
    }

    [Fact]
    public void PremiumRanges_AreNumberPrefixes() => Assert.All(DestinationPolicy.PremiumRanges, p => Assert.True(DestinationName.IsPrefix(p)));
}
