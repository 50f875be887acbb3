using System.Globalization;

namespace ClickToDial.Sip.Messages;

/// <summary>Where a 3xx sends the caller (RFC 3261 sections 8.1.3.4 and 21.3).</summary>
public static class Redirect
{
    /// <summary>
    /// The Contact that is preferred most, by its <c>q</c> (section 20.10), the first among equals. Null where the response is no
    /// redirection, or names nobody that can be read. Never throws.
    /// </summary>
    public static SipUri? TargetOf(SipResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        if (response.Status is < 300 or >= 400) return null;
        return response.Contacts is { Count: > 0 } contacts ? contacts.MaxBy(Preference)!.Uri : null;
    }

    // Who writes no number there prefers nothing.
    private static double Preference(NameAddress contact) => contact.Parameters.Get("q") switch
    {
        null => 1,
        { } text when double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var q) && q <= 1 => q,
        _ => 0,
    };
}
