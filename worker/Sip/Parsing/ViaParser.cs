using System.Text;
using ClickToDial.Sip.Messages;

namespace ClickToDial.Sip.Parsing;

/// <summary>
/// Reads <c>sent-protocol LWS sent-by *( SEMI via-params )</c> (RFC 3261 section 20.42), with the white space the grammar
/// allows around every slash, colon, semicolon and equals sign.
/// </summary>
internal static class ViaParser
{
    /// <summary>Reads the first value of a Via field. <paramref name="used"/> is the index of its comma, or the length.</summary>
    public static bool TryParseFirst(ReadOnlySpan<byte> text, out Via via, out int used)
    {
        via = null!;
        used = Grammar.ListElementEnd(text);
        var rest = Grammar.Trim(text[..used]);
        if (!TryPart(ref rest, '/', out var protocol) || !Ascii.EqualsIgnoreCase(protocol, "SIP"u8)) return false;
        if (!TryPart(ref rest, '/', out var version)) return false;
        var space = rest.IndexOfAny((byte)' ', (byte)'\t');
        if (space < 0 || !Grammar.IsToken(rest[..space])) return false;
        var transport = TransportName(rest[..space]);
        rest = rest[space..].TrimStart(" \t"u8);
        var semicolon = rest.IndexOf((byte)';');
        if (!Grammar.TryHostPort(Grammar.Trim(semicolon < 0 ? rest : rest[..semicolon]), out var host, out var port)) return false;
        if (!ParameterParser.TryHeader(semicolon < 0 ? default : rest[semicolon..], out var parameters)) return false;
        via = new Via(transport, Encoding.ASCII.GetString(host), port, parameters,
            version.SequenceEqual("2.0"u8) ? "2.0" : Encoding.ASCII.GetString(version));
        return true;
    }

    private static bool TryPart(ref ReadOnlySpan<byte> text, char end, out ReadOnlySpan<byte> part)
    {
        var at = text.IndexOf((byte)end);
        part = at < 0 ? default : Grammar.Trim(text[..at]);
        if (at < 0 || !Grammar.IsToken(part)) return false;
        text = text[(at + 1)..].TrimStart(" \t"u8);
        return true;
    }

    private static string TransportName(ReadOnlySpan<byte> name)
    {
        if (Ascii.EqualsIgnoreCase(name, "UDP"u8)) return "UDP";
        if (Ascii.EqualsIgnoreCase(name, "TCP"u8)) return "TCP";
        if (Ascii.EqualsIgnoreCase(name, "TLS"u8)) return "TLS";
        if (Ascii.EqualsIgnoreCase(name, "WS"u8)) return "WS";
        if (Ascii.EqualsIgnoreCase(name, "WSS"u8)) return "WSS";
        return Encoding.ASCII.GetString(name).ToUpperInvariant();
    }
}
