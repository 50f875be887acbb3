using ClickToDial.Sip.Messages;

namespace ClickToDial.Sip.Tests.Messages;

public sealed class OutboundContactTests
{
    [Theory(DisplayName = "RFC 5626 section 6")]
    [InlineData("<sip:a@h>;+sip.instance=\"<urn:uuid:1-2>\";reg-id=1", "urn:uuid:1-2", 1)]
    [InlineData("<sip:a@h>;reg-id=2147483647;+sip.instance=\"<urn:uuid:1-2>\"", "urn:uuid:1-2", 2147483647)]
    [InlineData("<sip:a@h>;+sip.instance=\"<urn:uuid:1-2>\"", "urn:uuid:1-2", null)]
    [InlineData("<sip:a@h>;+sip.instance=\"<urn:uuid:1-2>\";reg-id=0", "urn:uuid:1-2", null)]
    [InlineData("<sip:a@h>;+sip.instance=\"<urn:uuid:1-2>\";reg-id=-1", "urn:uuid:1-2", null)]
    [InlineData("<sip:a@h>;+sip.instance=\"<urn:uuid:1-2>\";reg-id=2147483648", "urn:uuid:1-2", null)]
    public void An_instance_and_its_flow_are_read(string contact, string instance, int? flow)
    {
        var outbound = OutboundContact.Of(NameAddress.Parse(contact));

        Assert.Equal(new OutboundContact(instance, flow), outbound);
        Assert.Equal(flow is not null, outbound!.IsOutbound);
    }

    [Theory]
    [InlineData("<sip:a@h>")]
    [InlineData("<sip:a@h>;reg-id=1")]
    [InlineData("<sip:a@h>;+sip.instance=\"urn:uuid:1-2\";reg-id=1")]
    [InlineData("<sip:a@h>;+sip.instance=\"<>\";reg-id=1")]
    [InlineData("<sip:a@h>;+sip.instance;reg-id=1")]
    public void Without_a_usable_instance_there_is_no_outbound(string contact) => Assert.Null(OutboundContact.Of(NameAddress.Parse(contact)));

    [Fact]
    public void An_overlong_instance_is_not_kept() =>
        Assert.Null(OutboundContact.Of(NameAddress.Parse($"<sip:a@h>;+sip.instance=\"<{new string('x', 300)}>\"")));

    [Theory]
    [InlineData("sip:a@h;ob", true)]
    [InlineData("sip:a@h;OB;transport=tcp", true)]
    [InlineData("sip:a@h;transport=tcp", false)]
    public void A_contact_may_ask_for_its_flow(string uri, bool wants) => Assert.Equal(wants, OutboundContact.WantsFlow(SipUri.Parse(uri)));
}
