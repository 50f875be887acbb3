using System.Buffers;
using System.Text;
using ClickToDial.Sip.Messages;

namespace ClickToDial.Sip.Parsing;

/// <summary>
/// Reads <c>( name-addr / addr-spec ) *( SEMI generic-param )</c>. Without angle brackets every parameter belongs to the
/// header, and a URI with a comma or question mark is refused (RFC 3261 section 20).
/// </summary>
internal static class NameAddressParser
{
    // What an unquoted display name must not have: it is tokens and spaces, here widened by harmless printable characters.
    private static readonly SearchValues<byte> NotInPlainName = SearchValues.Create(",\";<>\\"u8);

    public static bool TryParse(ReadOnlySpan<byte> text, out NameAddress address)
    {
        address = null!;
        text = Grammar.Trim(text);
        if (text.IsEmpty) return false;
        string? name = null;
        if (text[0] == '"')
        {
            var length = Grammar.QuotedLength(text);
            if (!Grammar.IsQuoted(text[..length])) return false;
            name = Clean(WireText.Unquote(ParameterParser.DecodeText(text[..length])));
            text = text[length..].TrimStart(" \t"u8);
            if (text.IsEmpty || text[0] != '<') return false;
        }
        var open = text.IndexOf((byte)'<');
        if (open < 0) return TrySpec(text, ref address);
        if (name is null && !TryPlainName(text[..open], out name)) return false;
        return TryBracketed(text[(open + 1)..], name, ref address);
    }

    private static bool TryBracketed(ReadOnlySpan<byte> text, string? name, ref NameAddress address)
    {
        var close = text.IndexOf((byte)'>');
        if (close < 0 || !SipUriParser.TryParse(text[..close], out var uri)) return false;
        if (!ParameterParser.TryHeader(text[(close + 1)..], out var parameters)) return false;
        address = new NameAddress(uri, string.IsNullOrEmpty(name) ? null : name, parameters);
        return true;
    }

    private static bool TrySpec(ReadOnlySpan<byte> text, ref NameAddress address)
    {
        var semicolon = text.IndexOf((byte)';');
        var spec = Grammar.Trim(semicolon < 0 ? text : text[..semicolon]);
        if (spec.ContainsAny((byte)'?', (byte)',')) return false;
        if (!SipUriParser.TryParse(spec, out var uri)) return false;
        if (!ParameterParser.TryHeader(semicolon < 0 ? default : text[semicolon..], out var parameters)) return false;
        address = new NameAddress(uri, null, parameters);
        return true;
    }

    private static bool TryPlainName(ReadOnlySpan<byte> text, out string? name)
    {
        name = null;
        text = Grammar.Trim(text);
        if (text.IndexOfAny(NotInPlainName) >= 0) return false;
        foreach (var b in text)
            if (Grammar.IsControl(b) && b != '\t') return false;
        if (!text.IsEmpty) name = Clean(Encoding.UTF8.GetString(text));
        return true;
    }

    // A display name is for people: control characters that came through quoted-pairs have no place on a screen.
    private static string Clean(string name)
    {
        foreach (var c in name)
            if (char.IsControl(c)) return string.Concat(name.Where(k => !char.IsControl(k)));
        return name;
    }
}
