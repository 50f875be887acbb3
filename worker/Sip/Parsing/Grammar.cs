using System.Buffers;
using System.Net;
using System.Text;

namespace ClickToDial.Sip.Parsing;

/// <summary>Character classes and small scans of RFC 3261 section 25.1, over bytes.</summary>
internal static class Grammar
{
    private static readonly SearchValues<byte> TokenBytes =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.!%*_+`'~"u8);

    // "_" is not in the grammar of host names, but private networks use it.
    private static readonly SearchValues<byte> HostBytes =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._"u8);

    private static readonly SearchValues<byte> WordBytes =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.!%*_+`'~()<>:\\\"/[]?{}@"u8);

    private static readonly SearchValues<byte> ListMarks = SearchValues.Create(",\"<"u8);

    public static bool IsToken(ReadOnlySpan<byte> text) => !text.IsEmpty && text.IndexOfAnyExcept(TokenBytes) < 0;

    /// <summary>callid = word [ "@" word ]; the one "@" is not counted, as no element depends on it.</summary>
    public static bool IsCallId(ReadOnlySpan<byte> text) => !text.IsEmpty && text.IndexOfAnyExcept(WordBytes) < 0;

    public static bool IsSpace(byte b) => b is (byte)' ' or (byte)'\t';

    public static bool IsControl(byte b) => b < 0x20 || b == 0x7F;

    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text) => text.Trim(" \t"u8);

    /// <summary>host = hostname / IPv4address / IPv6reference.</summary>
    public static bool IsHost(ReadOnlySpan<byte> host)
    {
        if (host.IsEmpty || host.Length > 255) return false;
        if (host[0] == '[') return IsIpv6Reference(host);
        return host.IndexOfAnyExcept(HostBytes) < 0 && host[0] is not ((byte)'.' or (byte)'-');
    }

    /// <summary>A port from 1 to 65535.</summary>
    public static bool TryPort(ReadOnlySpan<byte> digits, out int port)
    {
        port = 0;
        if (!TryNumber(digits, 65535, out var value) || value == 0) return false;
        port = (int)value;
        return true;
    }

    /// <summary>1*DIGIT up to a limit; leading zeros allowed, anything else is not.</summary>
    public static bool TryNumber(ReadOnlySpan<byte> digits, ulong max, out ulong value)
    {
        value = 0;
        if (digits.IsEmpty) return false;
        foreach (var digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'9') return false;
            value = value * 10 + (ulong)(digit - '0');
            if (value > max) return false;
        }
        return true;
    }

    /// <summary>Splits host and port; white space around the colon is allowed where the grammar has COLON (Via).</summary>
    public static bool TryHostPort(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> host, out int port)
    {
        port = 0;
        host = text;
        var search = 0;
        if (!text.IsEmpty && text[0] == '[')
        {
            search = text.IndexOf((byte)']');
            if (search < 0) return false;
        }
        var colon = text[search..].IndexOf((byte)':');
        if (colon < 0) return IsHost(host = Trim(text));
        host = Trim(text[..(search + colon)]);
        return IsHost(host) && TryPort(Trim(text[(search + colon + 1)..]), out port);
    }

    /// <summary>Index of the comma that ends the first element of a list, outside quotes and angle brackets; or the length.</summary>
    public static int ListElementEnd(ReadOnlySpan<byte> text)
    {
        var position = 0;
        while (position < text.Length)
        {
            var next = text[position..].IndexOfAny(ListMarks);
            if (next < 0) return text.Length;
            position += next;
            if (text[position] == ',') return position;
            position += text[position] == '"' ? QuotedLength(text[position..]) : AngleLength(text[position..]);
        }
        return text.Length;
    }

    /// <summary>Length of the quoted-string at the start, quotes included; everything when it is not closed.</summary>
    public static int QuotedLength(ReadOnlySpan<byte> text)
    {
        for (var i = 1; i < text.Length; i++)
        {
            if (text[i] == '\\') i++;
            else if (text[i] == '"') return i + 1;
        }
        return text.Length;
    }

    /// <summary>True when the text is one whole quoted-string.</summary>
    public static bool IsQuoted(ReadOnlySpan<byte> text) =>
        text.Length >= 2 && text[0] == '"' && text[^1] == '"' && QuotedLength(text) == text.Length && !EndsEscaped(text);

    private static int AngleLength(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOf((byte)'>');
        return end < 0 ? text.Length : end + 1;
    }

    // "abc\" : the last quote belongs to an escape, so the string is open.
    private static bool EndsEscaped(ReadOnlySpan<byte> text)
    {
        var backslashes = 0;
        for (var i = text.Length - 2; i > 0 && text[i] == '\\'; i--) backslashes++;
        return backslashes % 2 == 1;
    }

    private static bool IsIpv6Reference(ReadOnlySpan<byte> host)
    {
        if (host.Length < 4 || host.Length > 60 || host[^1] != ']') return false;
        Span<char> text = stackalloc char[64];
        var count = Encoding.ASCII.GetChars(host[1..^1], text);
        if (text[..count].Contains('%')) return false; // A zone means nothing to the other side.
        return IPAddress.TryParse(text[..count], out var address)
            && address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6;
    }
}
