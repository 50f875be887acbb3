using System.Text;
using ClickToDial.Sip.Messages;

namespace ClickToDial.Sip.Parsing;

/// <summary>Reads <c>Method SP Request-URI SP SIP-Version</c> or <c>SIP-Version SP Status-Code SP Reason-Phrase</c>.</summary>
internal static class StartLine
{
    private const int MaxReasonBytes = 1024;

    public static SipMessage? Parse(ReadOnlySpan<byte> line, SipHeaders headers)
    {
        if (line.Length > 4 && Ascii.EqualsIgnoreCase(line[..4], "SIP/"u8)) return Response(line, headers);
        return Request(line, headers);
    }

    private static SipResponse? Response(ReadOnlySpan<byte> line, SipHeaders headers)
    {
        var space = line.IndexOf((byte)' ');
        if (space < 0 || !IsVersion2(line[..space])) return null;
        var rest = line[(space + 1)..];
        var end = rest.IndexOf((byte)' ');
        var code = end < 0 ? rest : rest[..end];
        if (code.Length != 3 || !Grammar.TryNumber(code, 699, out var status) || status < 100) return null;
        var reason = end < 0 ? default : rest[(end + 1)..];
        if (reason.Length > MaxReasonBytes || reason.ContainsAny((byte)'\r', (byte)'\n', (byte)0)) return null;
        return new SipResponse((int)status, Encoding.UTF8.GetString(reason), headers);
    }

    private static SipRequest? Request(ReadOnlySpan<byte> line, SipHeaders headers)
    {
        var trimmed = line.TrimEnd(" \t"u8);
        var first = trimmed.IndexOf((byte)' ');
        var last = trimmed.LastIndexOf((byte)' ');
        if (first < 1 || last <= first || !SipMethod.TryParse(trimmed[..first], out var method)) return null;
        var version = trimmed[(last + 1)..];
        if (version.Length < 5 || !Ascii.EqualsIgnoreCase(version[..4], "SIP/"u8)) return null;
        var readable = SipUriParser.TryParse(trimmed[(first + 1)..last], out var uri);
        return new SipRequest(method, uri, headers) { Defect = DefectOf(line.Length == trimmed.Length, version, readable && uri.Headers is null) };
    }

    private static MessageDefect DefectOf(bool clean, ReadOnlySpan<byte> version, bool readable)
    {
        if (!IsVersion2(version)) return MessageDefect.Version;
        if (!readable) return MessageDefect.RequestUri;
        return clean ? MessageDefect.None : MessageDefect.RequestLine;
    }

    private static bool IsVersion2(ReadOnlySpan<byte> version) => Ascii.EqualsIgnoreCase(version, "SIP/2.0"u8);
}
