using System.Buffers;
using System.Text;
using ClickToDial.Sip.Messages;

namespace ClickToDial.Sip.Parsing;

/// <summary>
/// Parameter lists. In headers <c>*( SEMI name [ EQUAL ( token / host / quoted-string ) ] )</c> with white space around the
/// marks; in URIs the same without white space and without quotes.
/// </summary>
internal static class ParameterParser
{
    private const int MaxParameters = 64;

    private static readonly SearchValues<byte> UriParameterBytes = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.!~*'()[]/:&+$%"u8);

    private static readonly SearchValues<byte> ValueEnd = SearchValues.Create(" \t;,\"<>"u8);

    /// <summary>Reads everything after a header value: empty, or a list that begins with a semicolon.</summary>
    public static bool TryHeader(ReadOnlySpan<byte> text, out SipParameters parameters)
    {
        parameters = SipParameters.Empty;
        text = Grammar.Trim(text);
        if (text.IsEmpty) return true;
        var items = new List<SipParameter>(4);
        while (!text.IsEmpty)
        {
            if (text[0] != ';' || items.Count == MaxParameters) return false;
            text = text[1..].TrimStart(" \t"u8);
            if (text.IsEmpty && items.Count > 0) break; // A closing semicolon is common and harmless.
            if (!TryOne(ref text, out var item)) return false;
            if (HasName(items, item.Name)) return false;
            items.Add(item);
        }
        parameters = new SipParameters([.. items]);
        return true;
    }

    /// <summary>Reads URI parameters: empty, or a list that begins with a semicolon.</summary>
    public static bool TryUri(ReadOnlySpan<byte> text, out SipParameters parameters)
    {
        parameters = SipParameters.Empty;
        if (text.IsEmpty) return true;
        var items = new List<SipParameter>(2);
        while (!text.IsEmpty)
        {
            if (text[0] != ';' || items.Count == MaxParameters) return false;
            text = text[1..];
            var end = text.IndexOf((byte)';');
            var part = end < 0 ? text : text[..end];
            text = end < 0 ? default : text[end..];
            var equals = part.IndexOf((byte)'=');
            var name = equals < 0 ? part : part[..equals];
            var value = equals < 0 ? default : part[(equals + 1)..];
            if (name.IsEmpty || !IsUriText(name) || !IsUriText(value)) return false;
            var item = new SipParameter(Encoding.ASCII.GetString(name), equals < 0 ? null : Encoding.ASCII.GetString(value));
            if (HasName(items, item.Name)) return false;
            items.Add(item);
        }
        parameters = new SipParameters([.. items]);
        return true;
    }

    public static bool IsUriText(ReadOnlySpan<byte> text) => text.IndexOfAnyExcept(UriParameterBytes) < 0 && EscapesAreWhole(text);

    /// <summary>Every "%" is followed by two hexadecimal digits.</summary>
    public static bool EscapesAreWhole(ReadOnlySpan<byte> text)
    {
        for (var at = text.IndexOf((byte)'%'); at >= 0; at = text.IndexOf((byte)'%'))
        {
            if (at + 2 >= text.Length || !char.IsAsciiHexDigit((char)text[at + 1]) || !char.IsAsciiHexDigit((char)text[at + 2])) return false;
            text = text[(at + 3)..];
        }
        return true;
    }

    // RFC 3261 sections 7.3.1 and 19.1.1: no name twice; two readers could pick different ones.
    private static bool HasName(List<SipParameter> items, string name)
    {
        foreach (var item in items)
            if (string.Equals(item.Name, name, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }

    private static bool TryOne(ref ReadOnlySpan<byte> text, out SipParameter parameter)
    {
        parameter = default;
        var end = text.IndexOfAny(";= \t"u8);
        var name = end < 0 ? text : text[..end];
        if (!Grammar.IsToken(name)) return false;
        text = end < 0 ? default : text[end..].TrimStart(" \t"u8);
        string? value = null;
        if (!text.IsEmpty && text[0] == '=' && !TryValue(ref text, out value)) return false;
        parameter = new SipParameter(Encoding.ASCII.GetString(name), value);
        return text.IsEmpty || text[0] == ';';
    }

    private static bool TryValue(ref ReadOnlySpan<byte> text, out string? value)
    {
        value = null;
        text = text[1..].TrimStart(" \t"u8);
        int length;
        if (!text.IsEmpty && text[0] == '"')
        {
            length = Grammar.QuotedLength(text);
            if (!Grammar.IsQuoted(text[..length])) return false;
        }
        else
        {
            length = text.IndexOfAny(ValueEnd);
            if (length < 0) length = text.Length;
            foreach (var b in text[..length]) if (Grammar.IsControl(b)) return false;
        }
        value = DecodeText(text[..length]);
        text = text[length..].TrimStart(" \t"u8);
        return true;
    }

    /// <summary>UTF-8 text in which a NUL of a quoted-pair has become a replacement character.</summary>
    public static string DecodeText(ReadOnlySpan<byte> bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        return text.Contains('\0', StringComparison.Ordinal) ? text.Replace('\0', '\uFFFD') : text;
    }
}
