using System.Buffers.Text;
using System.Text;

namespace ClickToDial.Media.Sdp;

/// <summary>Reads lines of letter '=' value; a section begins with its m= line. Kept apart from the model so that the model stays small.</summary>
internal sealed class SdpReader
{
    private readonly SdpLimits _limits;
    private readonly List<SdpAttributeLine> _sessionAttributes = [];
    private readonly List<MediaDescription> _media = [];
    private List<SdpAttributeLine> _attributes;
    private SdpOrigin? _origin;
    private SdpConnection? _connection;
    private string _name = "-";

    private SdpReader(SdpLimits limits)
    {
        _limits = limits;
        _attributes = _sessionAttributes;
    }

    public static SdpVerdict Read(ReadOnlySpan<byte> text, SdpLimits limits, out SessionDescription? description)
    {
        description = null;
        if (text.Length > limits.Bytes) return SdpVerdict.TooLarge;
        var reader = new SdpReader(limits);
        var verdict = reader.ReadLines(text);
        if (verdict != SdpVerdict.Ok) return verdict;
        if (reader._origin is null) return SdpVerdict.BadOrigin;
        description = new SessionDescription(
            reader._origin, reader._connection, reader._sessionAttributes, reader._media, reader._name);
        return SdpVerdict.Ok;
    }

    private SdpVerdict ReadLines(ReadOnlySpan<byte> text)
    {
        for (var count = 0; text.Length > 0; count++)
        {
            if (count == _limits.Lines) return SdpVerdict.TooLarge;
            var line = TakeLine(ref text);
            if (count == 0)
            {
                if (!line.SequenceEqual("v=0"u8)) return SdpVerdict.BadVersion;
                continue;
            }
            if (line.Length == 0 && text.Length == 0) break; // a stray empty last line is common and harmless
            var verdict = ReadLine(line);
            if (verdict != SdpVerdict.Ok) return verdict;
        }
        return _origin is null ? SdpVerdict.BadVersion : SdpVerdict.Ok;
    }

    // RFC 8866 section 5: CRLF ends a line, and parsers should take a bare LF.
    private static ReadOnlySpan<byte> TakeLine(ref ReadOnlySpan<byte> text)
    {
        var end = text.IndexOf((byte)'\n');
        var line = end < 0 ? text : text[..end];
        text = end < 0 ? default : text[(end + 1)..];
        return line.Length > 0 && line[^1] == '\r' ? line[..^1] : line;
    }

    private SdpVerdict ReadLine(ReadOnlySpan<byte> line)
    {
        if (line.Length < 2 || line[1] != '=' || line[0] is < (byte)'a' or > (byte)'z' || line.IndexOfAny((byte)0, (byte)'\r') >= 0)
            return SdpVerdict.BadLine;
        var value = line[2..];
        switch (line[0])
        {
            case (byte)'o': return ReadOrigin(value);
            case (byte)'s': _name = value.Length == 0 ? "-" : Text(value); return SdpVerdict.Ok;
            case (byte)'c': return ReadConnection(value);
            case (byte)'m': return ReadMedia(value);
            case (byte)'a': return ReadAttribute(value);
            case (byte)'v': return SdpVerdict.BadVersion; // a second one
            default: return SdpVerdict.Ok;
        }
    }

    // o=<username> <sess-id> <sess-version> <nettype> <addrtype> <unicast-address>
    private SdpVerdict ReadOrigin(ReadOnlySpan<byte> value)
    {
        var user = NextField(ref value);
        var session = NextField(ref value);
        var version = NextField(ref value);
        var net = NextField(ref value);
        var type = NextField(ref value);
        var address = NextField(ref value);
        if (_origin is not null || _media.Count > 0 || user.Length == 0 || address.Length == 0 || value.Length > 0
            || !net.SequenceEqual("IN"u8) || type.Length == 0
            || !TryNumber(session, out var sessionId) || !TryNumber(version, out var sessionVersion))
            return SdpVerdict.BadOrigin;
        _origin = new SdpOrigin(Text(user), sessionId, sessionVersion, Text(address));
        return SdpVerdict.Ok;
    }

    // c=<nettype> <addrtype> <connection-address>[/ttl[/count]]
    private SdpVerdict ReadConnection(ReadOnlySpan<byte> value)
    {
        var net = NextField(ref value);
        var type = NextField(ref value);
        var address = NextField(ref value);
        if (!net.SequenceEqual("IN"u8) || !(type.SequenceEqual("IP4"u8) || type.SequenceEqual("IP6"u8))) return SdpVerdict.BadConnection;
        var slash = address.IndexOf((byte)'/');
        if (slash >= 0) address = address[..slash];
        if (address.Length == 0 || value.Length > 0) return SdpVerdict.BadConnection;
        var connection = new SdpConnection(Text(address));
        if (_media.Count == 0) _connection = connection;
        else _media[^1] = _media[^1] with { Connection = connection };
        return SdpVerdict.Ok;
    }

    // m=<media> <port>[/<count>] <proto> <fmt> ...
    private SdpVerdict ReadMedia(ReadOnlySpan<byte> value)
    {
        if (_origin is null) return SdpVerdict.BadOrigin;
        if (_media.Count == _limits.Media) return SdpVerdict.TooLarge;
        var kind = NextField(ref value);
        var portText = NextField(ref value);
        var protocol = NextField(ref value);
        var slash = portText.IndexOf((byte)'/');
        if (slash >= 0) portText = portText[..slash];
        if (kind.Length == 0 || protocol.Length == 0 || !TryNumber(portText, out var port) || port > 65535) return SdpVerdict.BadMedia;
        var formats = new List<string>();
        while (NextField(ref value) is { Length: > 0 } format)
        {
            if (formats.Count == _limits.Formats) return SdpVerdict.TooLarge;
            formats.Add(Text(format));
        }
        if (formats.Count == 0) return SdpVerdict.BadMedia;
        _attributes = [];
        _media.Add(new MediaDescription(Text(kind), (int)port, Text(protocol), formats, null, _attributes));
        return SdpVerdict.Ok;
    }

    // a=<attribute>[:<value>]
    private SdpVerdict ReadAttribute(ReadOnlySpan<byte> value)
    {
        var colon = value.IndexOf((byte)':');
        var name = colon < 0 ? value.TrimEnd((byte)' ') : value[..colon];
        if (name.Length == 0) return SdpVerdict.BadLine;
        _attributes.Add(new SdpAttributeLine(Text(name), colon < 0 ? null : Text(value[(colon + 1)..])));
        return SdpVerdict.Ok;
    }

    // Fields are parted by single spaces; runs of spaces are forgiven.
    private static ReadOnlySpan<byte> NextField(ref ReadOnlySpan<byte> text)
    {
        text = text.TrimStart((byte)' ');
        var space = text.IndexOf((byte)' ');
        var field = space < 0 ? text : text[..space];
        text = space < 0 ? default : text[(space + 1)..].TrimStart((byte)' ');
        return field;
    }

    // RFC 8866 section 9: session ids are digit strings of any length; what exceeds 64 bits still is a description.
    private static bool TryNumber(ReadOnlySpan<byte> field, out ulong number)
    {
        if (field.Length > 0 && !field.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            if (!Utf8Parser.TryParse(field, out number, out var used) || used != field.Length) number = ulong.MaxValue;
            return true;
        }
        number = 0;
        return false;
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
