using ClickToDial.Sip.Messages;

namespace ClickToDial.Sip.Tests.Messages;

/// <summary>RFC 3261 sections 8.1.3.4 and 20.10: of the Contacts of a 3xx the most preferred.</summary>
public sealed class RedirectTests
{
    [Theory]
    [InlineData(302, "<sip:a@x>", "sip:a@x")]
    [InlineData(300, "<sip:a@x>;q=0.3, <sip:b@x>;q=0.7, <sip:c@x>;q=0.7", "sip:b@x")]
    [InlineData(300, "<sip:a@x>;q=0.3, <sip:b@x>", "sip:b@x")]
    [InlineData(300, "<sip:a@x>;q=nan, <sip:b@x>;q=9, <sip:c@x>;q=0.001", "sip:c@x")]
    [InlineData(301, "<tel:+49301234>", "tel:+49301234")]
    [InlineData(380, null, null)]
    [InlineData(302, "*", null)]
    [InlineData(302, "<sip:", null)]
    [InlineData(200, "<sip:a@x>", null)]
    [InlineData(400, "<sip:a@x>", null)]
    public void Most_preferred_contact_is_the_target(int status, string? contact, string? expected)
    {
        var response = new SipResponse(status);
        if (contact is not null) response.Headers.Add(HeaderName.Contact, contact);
        Assert.Equal(expected, Redirect.TargetOf(response)?.ToString());
    }
}
