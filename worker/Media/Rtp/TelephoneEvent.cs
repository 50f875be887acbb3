using System.Buffers.Binary;

namespace ClickToDial.Media.Rtp;

/// <summary>The payload of RFC 4733 section 2.3: event, end bit, volume (dBm0 below 0), duration in clock units.</summary>
public readonly record struct TelephoneEvent(byte Code, bool End, byte Volume, ushort Duration)
{
    public const int Length = 4;
    private const string Digits = "0123456789*#ABCD";

    public static bool TryRead(ReadOnlySpan<byte> payload, out TelephoneEvent value)
    {
        value = default;
        if (payload.Length < Length) return false;
        value = new TelephoneEvent(
            payload[0], (payload[1] & 0x80) != 0, (byte)(payload[1] & 0x3F), BinaryPrimitives.ReadUInt16BigEndian(payload[2..]));
        return true;
    }

    public void Write(Span<byte> payload)
    {
        payload[0] = Code;
        payload[1] = (byte)((End ? 0x80 : 0) | (Volume & 0x3F));
        BinaryPrimitives.WriteUInt16BigEndian(payload[2..], Duration);
    }

    /// <summary>The key of an event code 0-15, or null for other events.</summary>
    public static char? ToDigit(byte code) => code < Digits.Length ? Digits[code] : null;

    /// <summary>The event code of a key, or null when it is none.</summary>
    public static byte? FromDigit(char digit)
    {
        var index = Digits.IndexOf(char.ToUpperInvariant(digit), StringComparison.Ordinal);
        return index < 0 ? null : (byte)index;
    }
}

/// <summary>
/// Tells each key press once, however many of its packets are lost or repeated: all packets of a press carry the timestamp of
/// its beginning (RFC 4733 section 2.5.1.2), and the first that comes through tells it. A press longer than the 16-bit
/// duration goes on under a new timestamp (section 2.5.1.3) and is still the same press.
/// </summary>
public struct TelephoneEventReceiver
{
    private bool _started;
    private uint _ssrc;
    private uint _timestamp;
    private byte _code;
    private ushort _duration;
    private bool _ended;

    /// <summary>True when the packet is the first seen of a press of a key; <paramref name="digit"/> is that key.</summary>
    public bool Accept(in RtpHeader header, ReadOnlySpan<byte> payload, out char digit)
    {
        digit = '\0';
        if (!TelephoneEvent.TryRead(payload, out var value)) return false;
        if (_started && header.Ssrc == _ssrc)
        {
            var distance = (int)(header.Timestamp - _timestamp);
            if (distance < 0) return false; // a straggler of an earlier press
            if (distance == 0)
            {
                _duration = Math.Max(_duration, value.Duration);
                _ended |= value.End;
                return false;
            }
            if (IsNextSegment(value, distance))
            {
                _timestamp = header.Timestamp;
                _duration = value.Duration;
                _ended = value.End;
                return false;
            }
        }
        _started = true;
        _ssrc = header.Ssrc;
        _timestamp = header.Timestamp;
        _code = value.Code;
        _duration = value.Duration;
        _ended = value.End;
        if (TelephoneEvent.ToDigit(value.Code) is not { } key) return false;
        digit = key;
        return true;
    }

    private readonly bool IsNextSegment(in TelephoneEvent value, int distance) =>
        !_ended && value.Code == _code && distance == ushort.MaxValue && _duration > ushort.MaxValue / 2;
}
