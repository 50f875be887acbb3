using System.Globalization;
using System.Text;
using ClickToDial.Sip.Parsing;

namespace ClickToDial.Sip.Messages;

/// <summary>One value of Reason (RFC 3326): why a request is sent, or a response given.</summary>
/// <param name="Protocol">Whose code the cause is: <c>SIP</c> for a status, <c>Q.850</c> for the telephone network's.</param>
/// <param name="Cause">Null when there is none, or it is no number up to 999.</param>
public readonly record struct ReasonValue(string Protocol, int? Cause, string? Text)
{
    public const string Sip = "SIP";
    public const string Q850 = "Q.850";

    /// <summary>All values in order; those that cannot be read are passed over.</summary>
    public static List<ReasonValue> ReadAll(SipHeaders headers)
    {
        ArgumentNullException.ThrowIfNull(headers);
        var result = new List<ReasonValue>(1);
        for (var i = 0; i < headers.Count; i++)
            if (headers.FieldAt(i).Id == HeaderName.Reason) AddValues(result, headers.FieldAt(i).Bytes);
        return result;
    }

    /// <summary>The cause that this protocol gives; null when it gives none.</summary>
    public static int? CauseOf(SipHeaders headers, string protocol)
    {
        ArgumentNullException.ThrowIfNull(headers);
        if (!headers.Contains(HeaderName.Reason)) return null;
        foreach (var value in ReadAll(headers))
            if (value.Cause is not null && value.Protocol.Equals(protocol, StringComparison.OrdinalIgnoreCase)) return value.Cause;
        return null;
    }

    public override string ToString()
    {
        var text = new StringBuilder(Protocol);
        if (Cause is { } cause) text.Append(CultureInfo.InvariantCulture, $";cause={cause}");
        if (Text is not null) text.Append(";text=").Append(WireText.Quote(Text));
        return text.ToString();
    }

    private static void AddValues(List<ReasonValue> result, ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty)
        {
            var end = Grammar.ListElementEnd(text);
            if (TryParse(Grammar.Trim(text[..end]), out var value)) result.Add(value);
            text = end < text.Length ? text[(end + 1)..] : default;
        }
    }

    private static bool TryParse(ReadOnlySpan<byte> text, out ReasonValue value)
    {
        value = default;
        var semicolon = text.IndexOf((byte)';');
        var protocol = Grammar.Trim(semicolon < 0 ? text : text[..semicolon]);
        var parameters = SipParameters.Empty;
        if (!Grammar.IsToken(protocol) || (semicolon >= 0 && !ParameterParser.TryHeader(text[semicolon..], out parameters))) return false;
        int? cause = int.TryParse(parameters.Get("cause"), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= 999 ? number : null;
        value = new ReasonValue(Encoding.ASCII.GetString(protocol), cause, parameters.Get("text"));
        return true;
    }
}
