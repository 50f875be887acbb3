using ClickToDial.Core.Deliveries;

namespace ClickToDial.Core.Tests.Deliveries;

public sealed class HeaderRulesTests
{
    [Theory]
    [InlineData("Authorization", "Bearer abc.def")]
    [InlineData("X-Api-Key", "k")]
    [InlineData("x-tenant", "a b")]
    [InlineData("Accept", "*/*")]
    public void Ordinary_IsAllowed(string name, string value) => Assert.True(HeaderRules.IsAllowed(name, value));

    [Theory]
    [InlineData("Host")]
    [InlineData("host")]
    [InlineData("Connection")]
    [InlineData("Keep-Alive")]
    [InlineData("Transfer-Encoding")]
    [InlineData("TE")]
    [InlineData("Trailer")]
    [InlineData("Upgrade")]
    [InlineData("Proxy-Authorization")]
    [InlineData("Proxy-Connection")]
    [InlineData("Content-Length")]
    [InlineData("content-type")]
    [InlineData("Content-Encoding")]
    [InlineData("webhook-id")]
    [InlineData("Webhook-Signature")]
    [InlineData("X-PBX-Token")]
    [InlineData("Expect")]
    [InlineData(":authority")]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a:b")]
    [InlineData("a\r\nHost")]
    [InlineData("ä")]
    public void OfTheMessageOrOfOurs_IsNot(string name) => Assert.False(HeaderRules.IsAllowed(name, "v"));

    [Theory]
    [InlineData("")]
    [InlineData(" v")]
    [InlineData("v ")]
    [InlineData("a\r\nHost: b")]
    [InlineData("a\nb")]
    [InlineData("a\0b")]
    [InlineData("a\tb")]
    [InlineData("ä")]
    public void ValueThatCouldEndTheLine_IsNot(string value) => Assert.False(HeaderRules.IsAllowed("X-A", value));

    [Fact]
    public void Lengths_AreBounded()
    {
        Assert.True(HeaderRules.IsAllowed(new string('a', HeaderRules.MaxName), new string('v', HeaderRules.MaxValue)));
        Assert.False(HeaderRules.IsAllowed(new string('a', HeaderRules.MaxName + 1), "v"));
        Assert.False(HeaderRules.IsAllowed("a", new string('v', HeaderRules.MaxValue + 1)));
    }
}
