using System.Text;
using ClickToDial.Sip.Messages;

namespace ClickToDial.Sip.Parsing;

/// <summary>What a datagram turned out to be.</summary>
public enum ParseVerdict
{
    /// <summary>A message; look at its <see cref="SipMessage.Defect"/>.</summary>
    Message,

    /// <summary>Only line breaks (RFC 5626 section 3.5.1) or nothing.</summary>
    KeepAlive,

    /// <summary>Not SIP, or a response nobody could use: dropped without an answer.</summary>
    Garbage,
}

/// <summary>
/// Reads messages from bytes. The received bytes are copied once, into the message; every header is a slice of that copy.
/// Never throws on input.
/// </summary>
public static class MessageParser
{
    /// <summary>Reads one datagram (RFC 3261 section 18.3: bytes beyond Content-Length are dropped, missing ones are a defect).</summary>
    public static ParseVerdict ParseDatagram(ReadOnlySpan<byte> datagram, SipLimits limits, out SipMessage? message)
    {
        ArgumentNullException.ThrowIfNull(limits);
        message = null;
        var start = datagram.IndexOfAnyExcept((byte)'\r', (byte)'\n');
        if (start < 0) return ParseVerdict.KeepAlive;
        datagram = datagram[start..];
        if (!LooksLikeSip(datagram)) return ParseVerdict.Garbage;
        var raw = datagram[..Math.Min(datagram.Length, limits.MaxMessageBytes)].ToArray();
        var end = raw.AsSpan().IndexOf("\r\n\r\n"u8);
        var head = end < 0 ? raw.Length : end + 2;
        message = HeadParser.Parse(raw, head, limits, out var contentLength);
        if (message is null) return ParseVerdict.Garbage;
        if (datagram.Length > limits.MaxMessageBytes) Mark(message, MessageDefect.TooLong);
        if (end < 0) Mark(message, MessageDefect.Truncated);
        else TakeBody(message, raw.AsMemory(end + 4), contentLength);
        return message is SipResponse && message.Defect != MessageDefect.None ? ParseVerdict.Garbage : ParseVerdict.Message;
    }

    internal static void Mark(SipMessage message, MessageDefect defect)
    {
        if (message.Defect == MessageDefect.None) message.Defect = defect;
    }

    // The first line of every SIP message has "SIP/" in it; a flood of anything else is dropped before any allocation.
    private static bool LooksLikeSip(ReadOnlySpan<byte> datagram)
    {
        var end = datagram.IndexOf((byte)'\n');
        var line = end < 0 ? datagram : datagram[..end];
        if (line.Length < 7) return false;
        for (var at = line.IndexOf((byte)'/'); at >= 0; at = line.IndexOf((byte)'/'))
        {
            if (at >= 3 && Ascii.EqualsIgnoreCase(line.Slice(at - 3, 3), "SIP"u8)) return true;
            line = line[(at + 1)..];
        }
        return false;
    }

    private static void TakeBody(SipMessage message, ReadOnlyMemory<byte> body, int contentLength)
    {
        if (contentLength > body.Length) Mark(message, MessageDefect.ContentLength);
        else message.AttachBody(contentLength < 0 ? body : body[..contentLength]);
    }
}
