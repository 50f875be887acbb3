using System.Buffers;
using ClickToDial.Sip.Messages;

namespace ClickToDial.Sip.Parsing;

/// <summary>What the framer found in the bytes given to it.</summary>
public enum FrameVerdict
{
    /// <summary>Everything was taken; more is needed.</summary>
    NeedMore,

    /// <summary>A message is complete; call again with the rest of the bytes.</summary>
    Message,

    /// <summary>A double line break between messages: answer one (RFC 5626 section 4.4.1).</summary>
    Ping,

    /// <summary>The stream cannot be read on: a limit was passed, or it is not SIP, or its framing is lost. Close it.</summary>
    Broken,
}

/// <summary>
/// Cuts a byte stream into messages by Content-Length (RFC 3261 section 18.3). Line length, header count, head size and the
/// announced body size are checked as bytes arrive, and a body gets its memory only after its size was accepted. One per
/// connection; not thread-safe.
/// </summary>
public sealed class StreamFramer(SipLimits limits) : IDisposable
{
    private byte[] _head = [];
    private int _length;
    private int _lineStart;
    private int _lines;
    private int _breaks;
    private byte[] _body = [];
    private int _bodyLength;
    private SipMessage? _pending;

    /// <summary>The complete message after <see cref="FrameVerdict.Message"/>, or one worth a 400 after <see cref="FrameVerdict.Broken"/>.</summary>
    public SipMessage? Message { get; private set; }

    /// <summary>True between two messages: nothing of a next one has arrived.</summary>
    public bool IsIdle => _length == 0 && _pending is null;

    /// <summary>Takes bytes until one thing is found; <paramref name="consumed"/> says how many.</summary>
    public FrameVerdict Push(ReadOnlySpan<byte> bytes, out int consumed)
    {
        Message = null;
        consumed = 0;
        if (_pending is not null) return TakeBody(bytes, ref consumed);
        if (_length == 0 && SkipBreaks(bytes, ref consumed)) return FrameVerdict.Ping;
        while (consumed < bytes.Length)
        {
            var end = bytes[consumed..].IndexOf((byte)'\n');
            var part = end < 0 ? bytes[consumed..] : bytes.Slice(consumed, end + 1);
            if (!Append(part)) return FrameVerdict.Broken;
            consumed += part.Length;
            if (end < 0) return FrameVerdict.NeedMore;
            if (EndsHead()) return TakeHead(bytes, ref consumed);
            if (++_lines > limits.MaxHeaders + 1 && !Grammar.IsSpace(_head[_lineStart])) return FrameVerdict.Broken;
            _lineStart = _length;
        }
        return FrameVerdict.NeedMore;
    }

    public void Dispose()
    {
        if (_head.Length > 0) ArrayPool<byte>.Shared.Return(_head);
        _head = [];
    }

    // True when these line breaks made a ping.
    private bool SkipBreaks(ReadOnlySpan<byte> bytes, ref int consumed)
    {
        while (consumed < bytes.Length && bytes[consumed] is (byte)'\r' or (byte)'\n')
        {
            if (bytes[consumed++] != '\n' || ++_breaks < 2) continue;
            _breaks = 0;
            return true;
        }
        if (consumed < bytes.Length) _breaks = 0;
        return false;
    }

    private bool Append(ReadOnlySpan<byte> part)
    {
        if (_length + part.Length > limits.MaxHeadBytes || _length - _lineStart + part.Length > limits.MaxLineBytes + 2) return false;
        if (_length + part.Length > _head.Length) Grow(_length + part.Length);
        part.CopyTo(_head.AsSpan(_length));
        _length += part.Length;
        return true;
    }

    private void Grow(int needed)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, 2048));
        _head.AsSpan(0, _length).CopyTo(larger);
        if (_head.Length > 0) ArrayPool<byte>.Shared.Return(_head);
        _head = larger;
    }

    private bool EndsHead() => _length >= 4 && _head.AsSpan(_length - 4, 4).SequenceEqual("\r\n\r\n"u8);

    private FrameVerdict TakeHead(ReadOnlySpan<byte> bytes, ref int consumed)
    {
        var raw = _head.AsSpan(0, _length - 2).ToArray();
        _length = _lineStart = _lines = 0;
        var message = HeadParser.Parse(raw, raw.Length, limits, out var size);
        if (message is null) return FrameVerdict.Broken;
        // Without a usable length nobody knows where the next message begins (RFC 3261 section 20.14 makes it mandatory here).
        var tooLong = size > limits.MaxMessageBytes - raw.Length;
        if (size < 0) MessageParser.Mark(message, MessageDefect.ContentLength);
        else if (tooLong) MessageParser.Mark(message, MessageDefect.TooLong);
        // Decided by the numbers, not by the defect: an earlier one may have been noted already.
        if (size < 0 || tooLong)
        {
            Message = message;
            return FrameVerdict.Broken;
        }
        _pending = message;
        _body = size == 0 ? [] : new byte[size];
        _bodyLength = 0;
        return TakeBody(bytes, ref consumed);
    }

    private FrameVerdict TakeBody(ReadOnlySpan<byte> bytes, ref int consumed)
    {
        var count = Math.Min(_body.Length - _bodyLength, bytes.Length - consumed);
        bytes.Slice(consumed, count).CopyTo(_body.AsSpan(_bodyLength));
        consumed += count;
        _bodyLength += count;
        if (_bodyLength < _body.Length) return FrameVerdict.NeedMore;
        Message = _pending;
        _pending!.AttachBody(_body);
        _pending = null;
        _body = [];
        return FrameVerdict.Message;
    }
}
