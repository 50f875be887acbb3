using System.Security.Cryptography;
using ClickToDial.Sip.Transport.Tls;
using ClickToDial.TestKit.Tls;

namespace ClickToDial.Sip.Tests.Transport.Tls;

/// <summary>RFC 5922 section 7: whom a certificate speaks for.</summary>
public sealed class SipDomainTests
{
    [Theory(DisplayName = "RFC 5922 section 7")]
    [InlineData("trunk.example", true, "trunk.example")]
    [InlineData("TRUNK.example", true, "trunk.example")]
    [InlineData("trunk.example.", true, "trunk.example")]
    [InlineData("other.example", false, "trunk.example")]
    [InlineData("a.trunk.example", false, "*.trunk.example")]
    [InlineData("a.trunk.example", false, "trunk.example")]
    [InlineData("trunk.example", true, "host.example", "sip:trunk.example")]
    [InlineData("host.example", false, "host.example", "sip:trunk.example")]
    [InlineData("trunk.example", false, "sip:alice@trunk.example", "host.example")]
    [InlineData("trunk.example", false, "https://trunk.example/", "host.example")]
    [InlineData("192.0.2.1", true, "host.example", "192.0.2.1")]
    [InlineData("[2001:db8::1]", true, "2001:db8::1")]
    [InlineData("192.0.2.1", false, "192.0.2.2")]
    [InlineData("common.example", true)]
    [InlineData("common.example", false, "trunk.example")]
    public void A_name_matches_or_not(string host, bool matches, params string[] names)
    {
        using var authority = new TestAuthority();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = authority.Create(key, names);

        Assert.Equal(matches, SipDomain.Matches(certificate, host));
    }
}
