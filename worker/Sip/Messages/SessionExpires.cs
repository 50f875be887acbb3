using System.Globalization;
using System.Text;
using ClickToDial.Sip.Parsing;

namespace ClickToDial.Sip.Messages;

/// <summary>Who keeps a session alive, seen from the request the header stands in or answers.</summary>
public enum SessionRefresher
{
    Uac,
    Uas,
}

/// <summary>Session-Expires (RFC 4028 section 4).</summary>
/// <param name="Seconds">How long the session lives without a refresh.</param>
/// <param name="Refresher">Null when the sender leaves it to the other side.</param>
public readonly record struct SessionExpires(uint Seconds, SessionRefresher? Refresher)
{
    /// <summary>False when the header is missing or malformed; an unknown refresher counts as none.</summary>
    public static bool TryRead(SipHeaders headers, out SessionExpires value)
    {
        ArgumentNullException.ThrowIfNull(headers);
        value = default;
        var index = headers.IndexOf(HeaderName.SessionExpires);
        if (index < 0 || !TryParse(headers.FieldAt(index).Bytes, out var seconds, out var parameters)) return false;
        SessionRefresher? refresher = parameters.Get("refresher")?.ToUpperInvariant() switch
        {
            "UAC" => SessionRefresher.Uac,
            "UAS" => SessionRefresher.Uas,
            _ => null,
        };
        value = new SessionExpires(seconds, refresher);
        return true;
    }

    /// <summary>Min-SE in seconds (section 5); null when it is missing or malformed.</summary>
    public static uint? ReadMinimum(SipHeaders headers)
    {
        ArgumentNullException.ThrowIfNull(headers);
        var index = headers.IndexOf(HeaderName.MinSE);
        return index >= 0 && TryParse(headers.FieldAt(index).Bytes, out var seconds, out _) ? seconds : null;
    }

    public override string ToString()
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{Seconds}");
        if (Refresher is { } who) text.Append(who == SessionRefresher.Uac ? ";refresher=uac" : ";refresher=uas");
        return text.ToString();
    }

    // delta-seconds, then generic parameters.
    private static bool TryParse(ReadOnlySpan<byte> text, out uint seconds, out SipParameters parameters)
    {
        seconds = 0;
        parameters = SipParameters.Empty;
        var semicolon = text.IndexOf((byte)';');
        var number = Grammar.Trim(semicolon < 0 ? text : text[..semicolon]);
        if (!Grammar.TryNumber(number, uint.MaxValue, out var value)) return false;
        seconds = (uint)value;
        return semicolon < 0 || ParameterParser.TryHeader(text[semicolon..], out parameters);
    }
}
