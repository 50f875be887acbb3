using ClickToDial.Core.Destinations;

namespace ClickToDial.Core.Tests.Destinations;

public sealed class NumberTextTests
{
    [Theory]
    [InlineData("+1 (202) 555-0100", null, "+12025550100")]
    [InlineData("tel:+49-30-1234567", null, "+49301234567")]
    [InlineData("+49 (0)30 1234567", null, "+49301234567")]
    [InlineData("0049 30/1234567", null, "+49301234567")]
    [InlineData("030 1234567", "+49", "+49301234567")]
    [InlineData("06 12345678", "+39", "+390612345678")]
    [InlineData("202.555.0100", "+1", "+12025550100")]
    [InlineData("1 202 555 0100", "+1", "+12025550100")]
    [InlineData("011 49 30 1234567", "+1", "+49301234567")]
    [InlineData("030 1234567", null, null)]
    [InlineData("1234567", "+49", null)]
    [InlineData("tel:+49301234567;ext=5", null, null)]
    [InlineData("+49 30 CALL", null, null)]
    [InlineData("+0049301234567", null, null)]
    [InlineData("++49301234567", null, null)]
    [InlineData("+\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668", null, null)]
    [InlineData("", null, null)]
    [InlineData(null, null, null)]
    public void Number_IsUnderstoodAsPeopleWriteIt(string? text, string? home, string? number)
    {
        Assert.Equal(number is not null, NumberText.TryNormalise(text, home, out var read));
        Assert.Equal(number, read);
    }
}
