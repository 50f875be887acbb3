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
        Assert.Equal(allowed, new OriginPolicy(setting, ["worker.example"]).Allows(origin, "https://worker.example:8443"));

    [Theory(DisplayName = "A name that somebody lets stand for our address is no origin of ours, whatever the Host header says")]
    [InlineData("http://evil.example:8080", false)]
    [InlineData("http://192.0.2.7:8080", true)]
    [InlineData("http://[2001:db8::7]:8080", true)]
    [InlineData("http://localhost:8080", true)]
    [InlineData("null", false)]
    public void Host_header_alone_proves_nothing(string page, bool allowed) =>
        Assert.Equal(allowed, new OriginPolicy("", ["192.0.2.7", "[2001:db8::7]"]).Allows(page, page));
}
