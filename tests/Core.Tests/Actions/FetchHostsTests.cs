using ClickToDial.Core.Actions;

namespace ClickToDial.Core.Tests.Actions;

public sealed class FetchHostsTests
{
    [Theory]
    [InlineData("api.example.com", "https://api.example.com/x", true)]
    [InlineData("API.example.com", "https://api.EXAMPLE.com./", true)]
    [InlineData("api.example.com", "https://xapi.example.com/", false)]
    [InlineData("api.example.com", "https://api.example.com.evil.net/", false)]
    [InlineData("api.example.com", "https://api.example.com:8443/", false)]
    [InlineData("api.example.com:8443", "https://api.example.com:8443/", true)]
    [InlineData("api.example.com:8443", "https://api.example.com/", false)]
    [InlineData("*.example.com", "https://a.b.example.com/", true)]
    [InlineData("*.example.com", "https://example.com/", false)]
    [InlineData("*.example.com", "https://evilexample.com/", false)]
    [InlineData("192.0.2.1", "https://192.0.2.1/", true)]
    [InlineData("[2001:db8::1]", "https://[2001:DB8:0::1]/", true)]
    public void Host_is_compared_whole(string entry, string url, bool allowed)
    {
        Assert.True(FetchHosts.IsEntry(entry));
        Assert.Equal(allowed, new FetchHosts(["other.test", entry]).Allows(new Uri(url)));
    }

    [Fact]
    public void Nothing_is_allowed_by_default() => Assert.False(FetchHosts.None.Allows(new Uri("https://example.com/")));
}
