using System.Buffers.Binary;

namespace ClickToDial.Media.Rtp;

/// <summary>The fixed RTP header and where the payload lies (RFC 3550 section 5.1).</summary>
public readonly record struct RtpHeader(
    byte PayloadType, bool Marker, ushort Sequence, uint Timestamp, uint Ssrc, int HeaderLength, int PayloadLength)
{
    /// <summary>Octets of a header without CSRC list and extension.</summary>
    public const int FixedLength = 12;

    // V=2|P|X|CC  M|PT  sequence  timestamp(4)  SSRC(4)  CSRC(4*CC)  [profile(2) words(2) extension(4*words)]  payload  [padding, last octet its count]
    public static bool TryRead(ReadOnlySpan<byte> packet, out RtpHeader header)
    {
        header = default;
        if (packet.Length < FixedLength || packet[0] >> 6 != 2) return false;
        var length = FixedLength + (4 * (packet[0] & 0x0F));
        if ((packet[0] & 0x10) != 0)
        {
            if (packet.Length < length + 4) return false;
            length += 4 + (4 * BinaryPrimitives.ReadUInt16BigEndian(packet[(length + 2)..]));
        }
        if (length > packet.Length) return false;
        var padding = (packet[0] & 0x20) != 0 ? packet[^1] : 0;
        if ((padding == 0 && (packet[0] & 0x20) != 0) || length + padding > packet.Length) return false;
        header = new RtpHeader(
            (byte)(packet[1] & 0x7F),
            (packet[1] & 0x80) != 0,
            BinaryPrimitives.ReadUInt16BigEndian(packet[2..]),
            BinaryPrimitives.ReadUInt32BigEndian(packet[4..]),
            BinaryPrimitives.ReadUInt32BigEndian(packet[8..]),
            length,
            packet.Length - length - padding);
        return true;
    }

    /// <summary>Writes a fixed header without CSRC list, extension and padding; <paramref name="packet"/> must hold 12 octets.</summary>
    public static void Write(Span<byte> packet, byte payloadType, bool marker, ushort sequence, uint timestamp, uint ssrc)
    {
        packet[0] = 0x80;
        Rewrite(packet, payloadType, marker, sequence, timestamp, ssrc);
    }

    /// <summary>Replaces everything but the first octet, so that CSRC list, extension and padding stay as they are.</summary>
    public static void Rewrite(Span<byte> packet, byte payloadType, bool marker, ushort sequence, uint timestamp, uint ssrc)
    {
        packet[1] = (byte)(payloadType | (marker ? 0x80 : 0));
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], sequence);
        BinaryPrimitives.WriteUInt32BigEndian(packet[4..], timestamp);
        BinaryPrimitives.WriteUInt32BigEndian(packet[8..], ssrc);
    }

    /// <summary>RFC 5761 section 4: on a shared port, payload types 64-95 with the marker bit are RTCP packet types 192-223.</summary>
    public static bool IsRtcp(ReadOnlySpan<byte> packet) => packet.Length >= 8 && packet[0] >> 6 == 2 && packet[1] is >= 192 and <= 223;
}
