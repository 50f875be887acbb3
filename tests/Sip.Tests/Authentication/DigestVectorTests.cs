using ClickToDial.Sip.Authentication;

namespace ClickToDial.Sip.Tests.Authentication;

/// <summary>The worked examples of the RFCs.</summary>
public sealed class DigestVectorTests
{
    [Fact(DisplayName = "RFC 3261 section 22.4 with the example of RFC 2617 section 3.5: MD5, qop=auth")]
    public void Rfc2617()
    {
        var ha1 = DigestHash.Ha1(DigestAlgorithm.Md5, "Mufasa", "testrealm@host.com", "Circle Of Life");
        Assert.Equal("939e7578ed9e3c518a452acee763bce9", ha1);

        var response = DigestHash.Response(DigestAlgorithm.Md5, ha1, "GET", "/dir/index.html",
            new DigestInput("dcd98b7102dd2f0e8b11d0f600bfb0c093", "auth", "00000001", "0a4f113b"));

        Assert.Equal("6629fae49393a05397450978507c4ef1", response);
    }

    [Fact(DisplayName = "RFC 3261 section 22.4 item 8: the same example without qop (RFC 2069)")]
    public void Rfc2069Form()
    {
        var ha1 = DigestHash.Ha1(DigestAlgorithm.Md5, "Mufasa", "testrealm@host.com", "Circle Of Life");

        var response = DigestHash.Response(DigestAlgorithm.Md5, ha1, "GET", "/dir/index.html",
            new DigestInput("dcd98b7102dd2f0e8b11d0f600bfb0c093", null, null, null));

        Assert.Equal("670fd8c2df070c60b045671b8b24ff02", response);
    }

    [Theory(DisplayName = "RFC 8760 section 2 with the example of RFC 7616 section 3.9.1: MD5 and SHA-256")]
    [InlineData(DigestAlgorithm.Md5, "8ca523f5e9506fed4657c9700eebdbec")]
    [InlineData(DigestAlgorithm.Sha256, "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1")]
    public void Rfc7616(DigestAlgorithm algorithm, string expected)
    {
        var ha1 = DigestHash.Ha1(algorithm, "Mufasa", "http-auth@example.org", "Circle of Life");

        var response = DigestHash.Response(algorithm, ha1, "GET", "/dir/index.html", new DigestInput(
            "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", "auth", "00000001", "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"));

        Assert.Equal(expected, response);
    }

    // Worked out with another implementation of the hashes (Python's hashlib) from the formula of RFC 7616 section 3.4.
    [Theory(DisplayName = "RFC 3261 section 22.4, RFC 8760: SIP methods and URIs")]
    [InlineData(DigestAlgorithm.Md5, "REGISTER", "sip:biloxi.com", "00000001", "9e2d1006810044fd79f39476209ae31a")]
    [InlineData(DigestAlgorithm.Md5, "INVITE", "sip:bob@biloxi.com", "00000002", "a2ad8a54015a6d71ceed909c3c0ef76f")]
    [InlineData(DigestAlgorithm.Md5, "REGISTER", "sip:biloxi.com", null, "4441045a8075db3ead543693997e2a0e")]
    [InlineData(DigestAlgorithm.Sha256, "REGISTER", "sip:biloxi.com", "00000001", "93e0e23c30bf2e3b139a3410a7edc9a5b15b1cfd8fd557ca8ee303e4372339a1")]
    [InlineData(DigestAlgorithm.Sha256, "INVITE", "sip:bob@biloxi.com", "00000002", "8134ab779ccba35bd4673b8d2b96ce318d1139624dad279ebc8bf124c302a5d0")]
    [InlineData(DigestAlgorithm.Sha256, "REGISTER", "sip:biloxi.com", null, "10503915e86126c221a99ecec4bd61ed6a5f0c1bac8125b5df9db47ab06503c1")]
    public void SipFlavoured(DigestAlgorithm algorithm, string method, string uri, string? count, string expected)
    {
        var ha1 = DigestHash.Ha1(algorithm, "bob", "biloxi.com", "zanzibar");
        var input = new DigestInput("dcd98b7102dd2f0e8b11d0f600bfb0c093", count is null ? null : "auth", count, count is null ? null : "0a4f113b");

        Assert.Equal(expected, DigestHash.Response(algorithm, ha1, method, uri, input));
    }

    [Theory(DisplayName = "RFC 3665 section 2.1 style: algorithm names, case and -sess")]
    [InlineData(null, true, DigestAlgorithm.Md5, false)]
    [InlineData("md5", true, DigestAlgorithm.Md5, false)]
    [InlineData("SHA-256", true, DigestAlgorithm.Sha256, false)]
    [InlineData("sha-256-sess", true, DigestAlgorithm.Sha256, true)]
    [InlineData("SHA-512-256", false, DigestAlgorithm.Md5, false)]
    [InlineData("", false, DigestAlgorithm.Md5, false)]
    public void Names(string? name, bool known, DigestAlgorithm algorithm, bool session)
    {
        Assert.Equal(known, DigestHash.TryParse(name, out var read, out var sess));
        Assert.Equal(algorithm, read);
        Assert.Equal(session, sess);
    }
}
