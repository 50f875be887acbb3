using ClickToDial.Calls.Trunks;
using ClickToDial.Contracts.Directory;

namespace ClickToDial.Calls.Tests.Trunks;

public sealed class NumberRulesTests
{
    private static readonly NumberRules German = new(
    [
        new NumberRule("00", "+"),
        new NumberRule(Pattern: @"0(\d{2,})", Replace: "+49$1", For: NumberSide.Called),
        new NumberRule("0", "+4930", For: NumberSide.Caller),
    ]);

    [Theory]
    [InlineData("0012025550100", NumberSide.Called, "+12025550100")]
    [InlineData("030123", NumberSide.Called, "+4930123")]
    [InlineData("030123", NumberSide.Caller, "+493030123")]
    [InlineData("0a", NumberSide.Called, "0a")]
    [InlineData("+4930123", NumberSide.Called, "+4930123")]
    [InlineData("", NumberSide.Called, "")]
    public void First_rule_that_matches_is_the_only_one(string number, NumberSide side, string expected) =>
        Assert.Equal(expected, German.Apply(number, side));

    [Fact]
    public void Rule_that_strips_nothing_matches_all() => Assert.Equal("99+1", new NumberRules([new NumberRule(Add: "99")]).Apply("+1", NumberSide.Called));

    [Fact]
    public void Pattern_that_would_explode_elsewhere_is_linear_here()
    {
        var rules = new NumberRules([new NumberRule(Pattern: "(1+)+2", Replace: "x")]);
        var number = new string('1', NumberRules.LongestNumber);
        Assert.Equal(number, rules.Apply(number, NumberSide.Called));
    }

    [Fact]
    public void Result_that_is_longer_than_any_number_is_not_taken()
    {
        var rules = new NumberRules([new NumberRule(Pattern: "(.*)", Replace: "$1$1$1")]);
        var number = new string('1', 100);
        Assert.Equal(number, rules.Apply(number, NumberSide.Called));
    }

    [Theory]
    [InlineData("(", "x")]
    [InlineData("(?=1)1", "x")]
    [InlineData(@"(1)\1", "x")]
    [InlineData("", "x")]
    [InlineData("1", null)]
    [InlineData("1", "$2147483648")]
    public void Pattern_that_cannot_be_used_is_left_out(string pattern, string? replace)
    {
        var rule = new NumberRule(Pattern: pattern, Replace: replace);
        Assert.False(NumberRules.IsValid(rule));
        Assert.Equal("11", new NumberRules([rule]).Apply("11", NumberSide.Called));
    }

    [Fact]
    public void Both_kinds_in_one_rule_are_none() => Assert.False(NumberRules.IsValid(new NumberRule("0", "+", "1", "2")));
}
