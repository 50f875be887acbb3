using ClickToDial.Core.Access;
using ClickToDial.Core.Deliveries;
using ClickToDial.Core.Egress;

namespace ClickToDial.Core.Tests.Deliveries;

public sealed class WebhookUrlTests
{
    private static readonly EgressRules Strict = new(AddressRanges.None);

    [Theory]
    [InlineData("https://crm.example.com/hook?a=b")]
    [InlineData("https://crm.example.com:8443/")]
    [InlineData("https://1.1.1.1/hook")]
    [InlineData("https://[2606:4700::1111]/hook")]
    [InlineData("HTTPS://crm.example.com")]
    public void PublicHttps_IsAllowed(string url) => Assert.True(WebhookUrl.TryParse(url, Strict, allowPlainHttp: false, out _));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("/hook")]
    [InlineData("crm.example.com/hook")]
    [InlineData("http://crm.example.com/")]
    [InlineData("ftp://crm.example.com/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("gopher://crm.example.com/")]
    [InlineData("https://user:pass@crm.example.com/")]
    [InlineData("https://user@crm.example.com/")]
    [InlineData("https://crm.example.com/#part")]
    [InlineData("https://crm.example.com/#")]
    [InlineData("https://crm.example.com:0/")]
    [InlineData("https://crm.example.com/a b")]
    [InlineData("https://crm.example.com\\@10.0.0.1/")]
    [InlineData("https:///hook")]
    [InlineData("https://127.0.0.1/")]
    [InlineData("https://127.1/")]
    [InlineData("https://2130706433/")]
    [InlineData("https://0x7f000001/")]
    [InlineData("https://0177.0.0.1/")]
    [InlineData("https://127.0.0.1./")]
    [InlineData("https://10.0.0.8/")]
    [InlineData("https://169.254.169.254/latest/meta-data")]
    [InlineData("https://[::1]/")]
    [InlineData("https://[::ffff:127.0.0.1]/")]
    [InlineData("https://[fe80::1%25eth0]/")]
    [InlineData("https://[64:ff9b::7f00:1]/")]
    [InlineData("https://crm.example.com/\u0007")]
    public void AnythingElse_IsNot(string? url) => Assert.False(WebhookUrl.TryParse(url, Strict, allowPlainHttp: false, out _));

    [Fact]
    public void LocalMode_AllowsLoopbackInPlainHttp()
    {
        var local = new EgressRules(new AddressRanges(["127.0.0.0/8"]));

        Assert.True(WebhookUrl.TryParse("http://127.0.0.1:5000/hook", local, allowPlainHttp: true, out _));
        Assert.True(WebhookUrl.TryParse("http://localhost:5000/hook", local, allowPlainHttp: true, out _));
        Assert.False(WebhookUrl.TryParse("http://127.0.0.1:5000/hook", local, allowPlainHttp: false, out _));
        Assert.False(WebhookUrl.TryParse("http://10.0.0.1/hook", local, allowPlainHttp: true, out _));
    }

    [Fact]
    public void LongUrl_IsRefused() => Assert.False(WebhookUrl.TryParse("https://a.example/" + new string('x', WebhookUrl.MaxLength), Strict, false, out _));
}
