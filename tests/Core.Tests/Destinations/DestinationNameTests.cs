using ClickToDial.Core.Destinations;

namespace ClickToDial.Core.Tests.Destinations;

public sealed class DestinationNameTests
{
    [Theory]
    [InlineData("+1202555", true)]
    [InlineData("+120255501001234", true)]
    [InlineData("+1202555010012345", false)]
    [InlineData("+120255", false)]
    [InlineData("12025550100", false)]
    [InlineData("+1202555010x", false)]
    [InlineData("+١٢٣٤٥٦٧٨", false)]
    [InlineData("", false)]
    [InlineData("+", false)]
    public void E164_IsPlusAndSevenToFifteenDigits(string text, bool valid) => Assert.Equal(valid, DestinationName.IsE164(text));

    [Theory]
    [InlineData("echo", true)]
    [InlineData("no-answer", true)]
    [InlineData("Echo", false)]
    [InlineData("101", false)]
    public void TestNumbers_AreWords(string text, bool is_) => Assert.Equal(is_, DestinationName.IsTestNumber(text));

    [Theory]
    [InlineData("101", true)]
    [InlineData("ann.smith_2-x", true)]
    [InlineData("a b", false)]
    [InlineData("a@b", false)]
    [InlineData("a/b", false)]
    [InlineData("", false)]
    public void UserNames_AreSafeEverywhere(string text, bool valid) => Assert.Equal(valid, DestinationName.IsUserName(text));
}
