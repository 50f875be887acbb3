using System.Text;
using ClickToDial.Sip.Messages;

namespace ClickToDial.Sip.Parsing;

/// <summary>
/// Reads start line and header fields. The buffer belongs to the message being made, so folded lines are unfolded in place:
/// the line break becomes spaces, which is what folding means (RFC 3261 section 7.3.1).
/// </summary>
internal static class HeadParser
{
    /// <summary>
    /// Reads <paramref name="length"/> bytes, which end with the last header's line break. Null when it is not a request or
    /// response at all. <paramref name="contentLength"/> is -1 when the header is absent or bad.
    /// </summary>
    public static SipMessage? Parse(byte[] raw, int length, SipLimits limits, out int contentLength)
    {
        contentLength = -1;
        var line = raw.AsSpan(0, length).IndexOf("\r\n"u8);
        var next = line < 0 ? length : line + 2;
        if (line < 0) line = length;
        var headers = new SipHeaders(16);
        var message = StartLine.Parse(raw.AsSpan(0, line), headers);
        if (message is null) return null;
        if (length > limits.MaxHeadBytes || line > limits.MaxLineBytes) MessageParser.Mark(message, MessageDefect.TooLong);
        while (next < length)
        {
            if (headers.Count == limits.MaxHeaders)
            {
                MessageParser.Mark(message, MessageDefect.TooManyHeaders);
                break;
            }
            var start = next;
            var end = UnfoldLine(raw, start, length, out next);
            if (end - start > limits.MaxLineBytes) MessageParser.Mark(message, MessageDefect.TooLong);
            else if (!AddField(raw, start, end, headers)) MessageParser.Mark(message, MessageDefect.HeaderLine);
        }
        MessageCheck.Run(message, out contentLength);
        return message;
    }

    // Returns the end of the field that starts here and, in next, the start of the following line.
    private static int UnfoldLine(byte[] raw, int start, int length, out int next)
    {
        var from = start;
        while (true)
        {
            var at = raw.AsSpan(from, length - from).IndexOf("\r\n"u8);
            if (at < 0)
            {
                next = length;
                return length;
            }
            next = from + at + 2;
            if (next >= length || !Grammar.IsSpace(raw[next])) return from + at;
            raw[from + at] = raw[from + at + 1] = (byte)' ';
            from = next;
        }
    }

    // header-name HCOLON value
    private static bool AddField(byte[] raw, int start, int end, SipHeaders headers)
    {
        var text = raw.AsSpan(start, end - start);
        var colon = text.IndexOf((byte)':');
        if (colon < 1) return false;
        ReadOnlySpan<byte> name = text[..colon];
        name = name.TrimEnd(" \t"u8);
        if (!Grammar.IsToken(name)) return false;
        var value = Grammar.Trim(text[(colon + 1)..]);
        if (value.ContainsAny((byte)'\r', (byte)'\n') || HasStrayNul(value)) return false;
        var id = HeaderNames.Find(name);
        headers.AppendParsed(new SipHeaders.Field
        {
            Id = id,
            Name = id == HeaderName.Other ? Encoding.ASCII.GetString(name) : null,
            Source = raw,
            Start = value.IsEmpty ? start : end - (text.Length - colon - 1) + text[(colon + 1)..].IndexOfAnyExcept((byte)' ', (byte)'\t'),
            Length = value.Length,
        });
        return true;
    }

    // A NUL may stand only in a quoted-pair (RFC 3261 section 25.1).
    private static bool HasStrayNul(ReadOnlySpan<byte> value)
    {
        for (var at = value.IndexOf((byte)0); at >= 0; at = value.IndexOf((byte)0))
        {
            if (at == 0 || value[at - 1] != '\\') return true;
            value = value[(at + 1)..];
        }
        return false;
    }
}
