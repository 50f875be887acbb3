using ClickToDial.Sip.Messages;

namespace ClickToDial.Sip.Tests.Messages;

public sealed class SipUriTests
{
    [Theory(DisplayName = "RFC 3261 section 19.1.4: equal")]
    [InlineData("sip:%61lice@atlanta.com;transport=TCP", "sip:alice@AtlanTa.CoM;Transport=tcp")]
    [InlineData("sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5")]
    [InlineData("sip:carol@chicago.com;security=on", "sip:carol@chicago.com;newparam=5")]
    [InlineData("sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com", "sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com")]
    [InlineData("sip:alice@atlanta.com?subject=project%20x&priority=urgent", "sip:alice@atlanta.com?priority=urgent&subject=project%20x")]
    [InlineData("tel:+1-201-555-0123", "tel:+12015550123")]
    public void Equal(string a, string b)
    {
        Assert.Equal(SipUri.Parse(a), SipUri.Parse(b));
        Assert.Equal(SipUri.Parse(b), SipUri.Parse(a));
        Assert.Equal(SipUri.Parse(a).GetHashCode(), SipUri.Parse(b).GetHashCode());
    }

    [Theory(DisplayName = "RFC 3261 section 19.1.4: not equal")]
    [InlineData("SIP:ALICE@AtLanTa.CoM;Transport=udp", "sip:alice@AtlanTa.CoM;Transport=UDP")]
    [InlineData("sip:bob@biloxi.com", "sip:bob@biloxi.com:5060")]
    [InlineData("sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp")]
    [InlineData("sip:bob@biloxi.com", "sip:bob@biloxi.com:6000;transport=tcp")]
    [InlineData("sip:carol@chicago.com", "sip:carol@chicago.com?Subject=next%20meeting")]
    [InlineData("sip:carol@chicago.com;security=on", "sip:carol@chicago.com;security=off")]
    [InlineData("sip:bob@phone21.boxesbybob.com", "sip:bob@192.0.2.4")]
    [InlineData("sip:bob@biloxi.com", "sips:bob@biloxi.com")]
    public void Different(string a, string b) => Assert.NotEqual(SipUri.Parse(a), SipUri.Parse(b));

    [Theory]
    [InlineData("sip:alice:secret@[2001:db8::1]:5070;lr", "alice", "[2001:db8::1]", 5070)]
    [InlineData("sip:+15551234;phone-context=example.com@gw;user=phone", "+15551234;phone-context=example.com", "gw", 0)]
    [InlineData("sip:*43#@pbx", "*43#", "pbx", 0)]
    [InlineData("sip:j%C3%BCrgen@h", "j\u00fcrgen", "h", 0)]
    public void Parts(string text, string user, string host, int port)
    {
        var uri = SipUri.Parse(text);
        Assert.Equal((user, host, port), (uri.User, uri.Host, uri.Port));
        Assert.Equal(text, uri.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("sip:")]
    [InlineData("alice@example.com")]
    [InlineData("sip:a@b@c")]
    [InlineData("sip:alice@")]
    [InlineData("sip:@host")]
    [InlineData("sip:alice@host:0")]
    [InlineData("sip:alice@host:65536")]
    [InlineData("sip:alice@host:")]
    [InlineData("sip:alice@[::1")]
    [InlineData("sip:alice@[fe80::1%eth0]")]
    [InlineData("sip:alice@host;")]
    [InlineData("sip:alice@host;a=b;A=c")]
    [InlineData("sip:al ice@host")]
    [InlineData("sip:alice@host ;lr")]
    [InlineData("sip:alice%4@host")]
    [InlineData("sip:alice@host\r\nX: y")]
    [InlineData("sip:alice@-host")]
    [InlineData("tel:")]
    [InlineData("tel:1+2")]
    public void Refused(string text) => Assert.False(SipUri.TryParse(text, out _));

    [Fact]
    public void A_tel_uri_keeps_its_context()
    {
        var uri = SipUri.Parse("tel:7042;phone-context=example.com");
        Assert.True(uri.IsTel);
        Assert.Equal("7042", uri.User);
        Assert.Equal("example.com", uri.Parameters.Get("phone-context"));
    }
}
