using ClickToDial.Calls.Registrar;
using ClickToDial.Sip.Messages;

namespace ClickToDial.Calls.Tests.Registrar;

public sealed class OutboundWishTests
{
    private const string Flow = "<sip:a@192.0.2.1>;+sip.instance=\"<urn:uuid:0>\";reg-id=1";

    [Theory]
    [InlineData(1, null, null)]
    [InlineData(2, null, 439)]
    [InlineData(2, "<sip:edge.example;lr>", 439)]
    [InlineData(2, "<sip:edge.example;lr;ob>", null)]
    [InlineData(3, "<sip:inner.example;lr>, <sip:edge.example;lr;ob>", null)]
    [InlineData(3, "<sip:inner.example;lr;ob>, <sip:edge.example;lr>", 439)]
    public void First_proxy_has_to_keep_the_flow(int hops, string? path, int? refusal)
    {
        var request = Register(hops);
        if (path is not null) request.Headers.Add(HeaderName.Path, path);
        var wish = OutboundWish.Of(request, request.Contacts!, RegisterPath.Of(request)!);
        Assert.Equal((true, hops == 1, refusal), (wish.IsAsked, wish.IsFirstHop, wish.Refusal));
    }

    private static SipRequest Register(int hops)
    {
        var request = new SipRequest(SipMethod.Register, SipUri.Parse("sip:demo.local"));
        for (var i = 0; i < hops; i++) request.Headers.Add(HeaderName.Via, $"SIP/2.0/UDP 192.0.2.{i};branch=z9hG4bK{i}");
        request.Headers.Add(HeaderName.Supported, "outbound").Add(HeaderName.Contact, Flow);
        return request;
    }
}
