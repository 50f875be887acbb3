using ClickToDial.Core.Destinations;
using ClickToDial.Core.Guard;

namespace ClickToDial.Core.Tests.Guard;

public sealed class CallingCodesTests
{
    [Theory]
    [InlineData("+12025550100", "US")]
    [InlineData("+14165550100", "CA")]
    [InlineData("+18765550100", "JM")]
    [InlineData("+493012345", "DE")]
    [InlineData("+77011234567", "KZ")]
    [InlineData("+74951234567", "RU")]
    [InlineData("+441534123456", "JE")]
    [InlineData("+8831234567", null)]
    public void Country_IsThatOfTheLongestPrefix(string number, string? country) => Assert.Equal(country, CallingCodes.CountryOf(number));

    [Fact]
    public void Country_WithinAnothersCodeIsNotMeantWithIt()
    {
        var (within, others) = CallingCodes.Of(["US"]);
        Assert.Equal(["+1"], within);
        Assert.Contains("+1876", others);
        Assert.DoesNotContain("+1876", CallingCodes.Of(["US", "JM"]).Others);
        Assert.Equal(["+"], CallingCodes.Of([CallingCodes.Every]).Within);
    }

    [Fact]
    public void EveryPrefix_IsOneAndBelongsToOneCountry()
    {
        var prefixes = CallingCodes.Countries.SelectMany(c => CallingCodes.Of([c]).Within).ToList();
        Assert.All(prefixes, p => Assert.True(DestinationName.IsPrefix(p) && p.Length > 1));
        Assert.Equal(prefixes.Count, prefixes.Distinct().Count());
        Assert.True(CallingCodes.Countries.Count() > 200);
    }
}
