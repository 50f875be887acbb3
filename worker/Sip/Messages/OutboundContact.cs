using System.Globalization;

namespace ClickToDial.Sip.Messages;

/// <summary>
/// What a Contact of a REGISTER says about outbound flows (RFC 5626): which device it is and which of its flows. The registrar
/// replaces a binding of the same instance and flow, and sends requests down the flow the registration came by.
/// </summary>
/// <param name="Instance">The <c>+sip.instance</c> without quotes and angle brackets, such as <c>urn:uuid:...</c>.</param>
/// <param name="FlowId">The <c>reg-id</c>, 1 to 2147483647; null when the device has but one way and does not number it.</param>
public sealed record OutboundContact(string Instance, int? FlowId)
{
    private const int MaxInstanceLength = 256;

    /// <summary>True when the device asks for outbound: a numbered flow needs an instance to belong to (section 4.2).</summary>
    public bool IsOutbound => FlowId is not null;

    /// <summary>Null when the Contact names no usable instance; a reg-id alone means nothing (section 6).</summary>
    public static OutboundContact? Of(NameAddress contact)
    {
        ArgumentNullException.ThrowIfNull(contact);
        if (contact.Parameters.Get("+sip.instance") is not { } quoted) return null;
        var instance = WireText.Unquote(quoted);
        if (instance is not ['<', _, .., '>'] || instance.Length > MaxInstanceLength) return null;
        var flow = int.TryParse(contact.Parameters.Get("reg-id"), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id > 0 ? id : (int?)null;
        return new OutboundContact(instance[1..^1], flow);
    }

    /// <summary>True for a URI marked <c>ob</c>: requests to it go down the flow it was heard on (section 4.3).</summary>
    public static bool WantsFlow(SipUri contact)
    {
        ArgumentNullException.ThrowIfNull(contact);
        return contact.Parameters.Has("ob");
    }
}
