using System.Net;
using ClickToDial.Core.Access;

namespace ClickToDial.Core.Tests.Access;

public sealed class AddressRangesTests
{
    [Theory]
    [InlineData("192.0.2.0/24", "192.0.2.255", true)]
    [InlineData("192.0.2.0/24", "192.0.3.0", false)]
    [InlineData("192.0.2.7", "192.0.2.7", true)]
    [InlineData("192.0.2.7", "192.0.2.8", false)]
    [InlineData("192.0.2.0/24", "::ffff:192.0.2.9", true)]
    [InlineData("2001:db8::/32", "2001:db8:ffff::1", true)]
    [InlineData("2001:db8::/32", "2001:db9::1", false)]
    [InlineData("fe80::/10", "fe80::1%3", true)]
    [InlineData("0.0.0.0/0", "203.0.113.9", true)]
    [InlineData("0.0.0.0/0", "2001:db8::1", false)]
    [InlineData("::/0", "203.0.113.9", false)]
    public void Network_HoldsItsAddressesAndNoOther(string network, string address, bool holds) =>
        Assert.Equal(holds, new AddressRanges([network]).Contains(IPAddress.Parse(address)));

    [Theory]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("10.1")]
    [InlineData("010.0.0.1")]
    [InlineData("0x7f.0.0.1")]
    [InlineData("192.0.2.0/33")]
    [InlineData("192.0.2.0/-1")]
    [InlineData("192.0.2.0/024")]
    [InlineData("192.0.2.0/")]
    [InlineData("192.0.2.1/24")]
    [InlineData("2001:db8::1/32")]
    [InlineData("2001:db8::/129")]
    [InlineData("[2001:db8::]/32")]
    [InlineData("fe80::1%eth0")]
    [InlineData(" 192.0.2.1")]
    [InlineData("192.0.2.0/24/24")]
    [InlineData("example.com")]
    public void Anything_Else_IsRefused(string text)
    {
        Assert.False(AddressRanges.TryParse(text, out _));
        Assert.Throws<FormatException>(() => new AddressRanges([text]));
    }

    [Theory]
    [InlineData("203.0.113.5", "198.51.100.1", "203.0.113.5")]
    [InlineData("10.0.0.1", "198.51.100.1", "198.51.100.1")]
    [InlineData("10.0.0.1", "198.51.100.1, 10.0.0.2", "198.51.100.1")]
    [InlineData("10.0.0.1", "192.0.2.99, 198.51.100.1, 10.0.0.2", "198.51.100.1")]
    [InlineData("10.0.0.1", "198.51.100.1:4711", "198.51.100.1")]
    [InlineData("10.0.0.1", "[2001:db8::1]:4711", "2001:db8::1")]
    [InlineData("10.0.0.1", "2001:db8::1", "2001:db8::1")]
    [InlineData("10.0.0.1", "", "10.0.0.1")]
    [InlineData("10.0.0.1", "unknown", null)]
    [InlineData("10.0.0.1", "198.51.100.1,", null)]
    [InlineData("10.0.0.1", "198.51.100.1, unknown, 10.0.0.2", null)]
    public void Client_IsTheFirstAddressThatIsNoProxyOfOurs(string connected, string forwarded, string? client) =>
        Assert.Equal(client, ClientAddress.Find(IPAddress.Parse(connected), [forwarded], new AddressRanges(["10.0.0.0/8"]))?.ToString());

    [Fact]
    public void WithoutProxies_NobodysWordCounts() =>
        Assert.Equal("10.0.0.1", ClientAddress.Find(IPAddress.Parse("10.0.0.1"), ["198.51.100.1"], AddressRanges.None)?.ToString());
}
