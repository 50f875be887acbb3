using ClickToDial.Worker.WebSockets;

namespace ClickToDial.Worker.Tests.WebSockets;

public sealed class OriginPolicyTests
{
    [Theory]
    [InlineData("", null, true)]
    [InlineData("", "https://worker.example:8443", true)]
    [InlineData("", "https://evil.example", false)]
    [InlineData("", "null", false)]
    [InlineData("https://a.example/, https://b.example", "https://B.example", true)]
    [InlineData("https://a.example", "https://a.example.evil", false)]
    [InlineData("https://a.example", "https://worker.example:8443", false)]
    [InlineData("*", "https://evil.example", true)]
    public void Origin_is_allowed_by_name(string setting, string? origin, bool allowed) =>
        Assert.Equal(allowed, new OriginPolicy(setting).Allows(origin, "https://worker.example:8443"));
}
