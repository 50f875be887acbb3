using ClickToDial.Core.Problems;
using ClickToDial.Core.Sessions;
using static ClickToDial.Core.Tests.Sessions.TestSession;

namespace ClickToDial.Core.Tests.Sessions;

public sealed class SessionPolicyTests
{
    [Theory]
    [InlineData("https://crm.example.com", true)]
    [InlineData("https://CRM.example.com", true)]
    [InlineData("https://crm.example.com:443", true)]
    [InlineData("http://crm.example.com", false)]
    [InlineData("https://crm.example.com:8443", false)]
    [InlineData("https://crm.example.com.evil.example", false)]
    [InlineData("https://evil.example/https://crm.example.com", false)]
    [InlineData("https://notcrm.example.com", false)]
    [InlineData("https://crm.example.com/", false)]
    [InlineData("https://user@crm.example.com", false)]
    [InlineData("null", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Origin_MustBeTheTokensExactly(string? origin, bool fits) =>
        Assert.Equal(fits ? null : KnownProblems.TokenWrongOrigin, SessionPolicy.CheckOrigin(Claims, origin));

    [Fact]
    public void TokenWithoutOrigin_FitsAny() => Assert.Null(SessionPolicy.CheckOrigin(Claims with { Origin = null }, null));

    [Theory]
    [InlineData("101", "+12025550100", null)]
    [InlineData("101", "+49301234567", null)]
    [InlineData("101", "echo", null)]
    [InlineData("102", "echo", "token-user-differs")]
    [InlineData("101", "+12025550101", "token-destination-not-covered")]
    [InlineData("101", "+4931", "token-destination-not-covered")]
    [InlineData("101", "milliwatt", "token-destination-not-covered")]
    public void Call_MustFitTheToken(string user, string destination, string? reason) =>
        Assert.Equal(reason, SessionPolicy.CheckCall(Claims, user, destination)?.Reason);

    [Fact]
    public void TokenWithoutDestinations_CoversAll() =>
        Assert.Null(SessionPolicy.CheckCall(Claims with { Destinations = null }, "101", "+999999999"));

    [Fact]
    public void EveryVerdict_HasAnAnswer() => Assert.All(
        Enum.GetValues<TokenVerdict>(), v => Assert.Equal(v == TokenVerdict.Valid, SessionPolicy.ToProblem(v) is null));

    [Fact]
    public void TokenUse_NeverExceedsItsCallsAndForgivesRepeats()
    {
        var use = TokenUse.None.Spend("a", 2)!.Spend("b", 2)!;

        Assert.Null(use.Spend("c", 2));
        Assert.Same(use, use.Spend("a", 2));
        Assert.Equal(["a", "b"], use.Marks);
    }
}
