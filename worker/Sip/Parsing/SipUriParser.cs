using System.Buffers;
using System.Text;
using ClickToDial.Sip.Messages;

namespace ClickToDial.Sip.Parsing;

/// <summary>Reads URIs (RFC 3261 section 25.1, RFC 3966 section 3). Never throws, never keeps the input.</summary>
internal static class SipUriParser
{
    // user-unreserved and unreserved, "%" for escapes, and "#", which dial strings such as *43# carry unescaped.
    private static readonly SearchValues<byte> UserBytes = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.!~*'()&=+$,;?/%#"u8);

    private static readonly SearchValues<byte> PasswordBytes = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.!~*'()&=+$,%"u8);

    private static readonly SearchValues<byte> HeaderBytes = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.!~*'()[]/?:+$%&="u8);

    private static readonly SearchValues<byte> NumberBytes = SearchValues.Create("0123456789abcdefABCDEF*#-.()+"u8);

    /// <summary>Stands where a request line held no readable URI.</summary>
    public static SipUri Unreadable { get; } = new("invalid", null, null, "invalid", 0, SipParameters.Empty, null);

    public static bool TryParse(ReadOnlySpan<byte> text, out SipUri uri)
    {
        uri = Unreadable;
        var colon = text.IndexOf((byte)':');
        if (colon < 1 || !IsScheme(text[..colon])) return false;
        var rest = text[(colon + 1)..];
        if (Ascii.EqualsIgnoreCase(text[..colon], "sip"u8)) return TrySip("sip", rest, ref uri);
        if (Ascii.EqualsIgnoreCase(text[..colon], "sips"u8)) return TrySip("sips", rest, ref uri);
        if (Ascii.EqualsIgnoreCase(text[..colon], "tel"u8)) return TryTel(rest, ref uri);
        return TryOpaque(text[..colon], rest, ref uri);
    }

    // sip:user:password@host:port;uri-parameters?headers
    private static bool TrySip(string scheme, ReadOnlySpan<byte> text, ref SipUri uri)
    {
        string? user = null, password = null;
        var at = text.IndexOf((byte)'@');
        if (at >= 0)
        {
            if (!TryUserInfo(text[..at], out user, out password)) return false;
            text = text[(at + 1)..];
        }
        string? headers = null;
        var question = text.IndexOf((byte)'?');
        if (question >= 0)
        {
            var part = text[(question + 1)..];
            if (part.IndexOfAnyExcept(HeaderBytes) >= 0 || !ParameterParser.EscapesAreWhole(part)) return false;
            headers = Encoding.ASCII.GetString(part);
            text = text[..question];
        }
        var semicolon = text.IndexOf((byte)';');
        var hostPort = semicolon < 0 ? text : text[..semicolon];
        if (hostPort.ContainsAny((byte)' ', (byte)'\t')) return false;
        if (!Grammar.TryHostPort(hostPort, out var host, out var port)) return false;
        if (!ParameterParser.TryUri(semicolon < 0 ? default : text[semicolon..], out var parameters)) return false;
        uri = new SipUri(scheme, user, password, Encoding.ASCII.GetString(host), port, parameters, headers);
        return true;
    }

    private static bool TryUserInfo(ReadOnlySpan<byte> text, out string? user, out string? password)
    {
        user = password = null;
        var colon = text.IndexOf((byte)':');
        var name = colon < 0 ? text : text[..colon];
        if (name.IsEmpty || name.IndexOfAnyExcept(UserBytes) >= 0 || !ParameterParser.EscapesAreWhole(name)) return false;
        user = Encoding.ASCII.GetString(name);
        if (colon < 0) return true;
        var secret = text[(colon + 1)..];
        if (secret.IndexOfAnyExcept(PasswordBytes) >= 0 || !ParameterParser.EscapesAreWhole(secret)) return false;
        password = Encoding.ASCII.GetString(secret);
        return true;
    }

    private static bool TryTel(ReadOnlySpan<byte> text, ref SipUri uri)
    {
        var semicolon = text.IndexOf((byte)';');
        var number = semicolon < 0 ? text : text[..semicolon];
        if (number.IsEmpty || number.IndexOfAnyExcept(NumberBytes) >= 0 || number.LastIndexOf((byte)'+') > 0) return false;
        if (!ParameterParser.TryUri(semicolon < 0 ? default : text[semicolon..], out var parameters)) return false;
        uri = new SipUri("tel", Encoding.ASCII.GetString(number), null, "", 0, parameters, null);
        return true;
    }

    private static bool TryOpaque(ReadOnlySpan<byte> scheme, ReadOnlySpan<byte> rest, ref SipUri uri)
    {
        if (rest.IsEmpty) return false;
        foreach (var b in rest)
            if (b <= 0x20 || b >= 0x7F || b is (byte)'<' or (byte)'>' or (byte)'"') return false;
        uri = new SipUri(Encoding.ASCII.GetString(scheme).ToLowerInvariant(), null, null,
            Encoding.ASCII.GetString(rest), 0, SipParameters.Empty, null);
        return true;
    }

    // scheme = ALPHA *( ALPHA / DIGIT / "+" / "-" / "." )
    private static bool IsScheme(ReadOnlySpan<byte> text)
    {
        if (!char.IsAsciiLetter((char)text[0]) || text.Length > 32) return false;
        foreach (var b in text)
            if (!char.IsAsciiLetterOrDigit((char)b) && b is not ((byte)'+' or (byte)'-' or (byte)'.')) return false;
        return true;
    }
}
