using System.Buffers.Binary;

namespace ClickToDial.Media.Rtp;

/// <summary>
/// Writes a compound RTCP datagram, packet by packet, into memory of the caller's: a report first, then whatever belongs to it (RFC 3550
/// section 6.1). Allocates nothing.
/// </summary>
public ref struct RtcpWriter(Span<byte> destination)
{
    /// <summary>Octets of the longest name that can be written.</summary>
    public const int MaxName = 255;

    private const byte CanonicalName = 1;
    private readonly Span<byte> _destination = destination;

    /// <summary>Octets written so far.</summary>
    public int Length { get; private set; }

    /// <summary>RFC 3550 section 6.4.1.</summary>
    /// <param name="time">Now, as NTP tells it; see <see cref="NtpTime"/>.</param>
    /// <param name="timestamp">The same moment on the clock of the stream.</param>
    /// <param name="packets">RTP packets sent under that SSRC.</param>
    /// <param name="octets">Payload octets in them.</param>
    public void SenderReport(uint ssrc, ulong time, uint timestamp, uint packets, uint octets, scoped ReadOnlySpan<ReportBlock> blocks)
    {
        var packet = Begin(RtcpType.SenderReport, blocks.Length, 28 + (blocks.Length * ReportBlock.Length));
        BinaryPrimitives.WriteUInt32BigEndian(packet[4..], ssrc);
        BinaryPrimitives.WriteUInt64BigEndian(packet[8..], time);
        BinaryPrimitives.WriteUInt32BigEndian(packet[16..], timestamp);
        BinaryPrimitives.WriteUInt32BigEndian(packet[20..], packets);
        BinaryPrimitives.WriteUInt32BigEndian(packet[24..], octets);
        Write(packet[28..], blocks);
    }

    /// <summary>RFC 3550 section 6.4.2: from who sends no RTP.</summary>
    public void ReceiverReport(uint ssrc, scoped ReadOnlySpan<ReportBlock> blocks)
    {
        var packet = Begin(RtcpType.ReceiverReport, blocks.Length, 8 + (blocks.Length * ReportBlock.Length));
        BinaryPrimitives.WriteUInt32BigEndian(packet[4..], ssrc);
        Write(packet[8..], blocks);
    }

    /// <summary>The one item that every compound packet needs (RFC 3550 section 6.5.1).</summary>
    /// <param name="name">Ends at <see cref="MaxName"/> octets.</param>
    public void SourceDescription(uint ssrc, scoped ReadOnlySpan<byte> name)
    {
        name = name[..Math.Min(name.Length, MaxName)];
        // The list of items is ended by one to four zero octets, up to the next word.
        var packet = Begin(RtcpType.SourceDescription, count: 1, (8 + 2 + name.Length + 4) & ~3);
        packet[8..].Clear();
        BinaryPrimitives.WriteUInt32BigEndian(packet[4..], ssrc);
        packet[8] = CanonicalName;
        packet[9] = (byte)name.Length;
        name.CopyTo(packet[10..]);
    }

    private Span<byte> Begin(RtcpType type, int count, int length)
    {
        var packet = _destination.Slice(Length, length);
        Length += length;
        packet[0] = (byte)(0x80 | count);
        packet[1] = (byte)type;
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)((length / 4) - 1));
        return packet;
    }

    private static void Write(Span<byte> destination, scoped ReadOnlySpan<ReportBlock> blocks)
    {
        foreach (var block in blocks)
        {
            block.Write(destination);
            destination = destination[ReportBlock.Length..];
        }
    }
}

/// <summary>NTP timestamps (RFC 5905 section 6): seconds since 1900 in the upper half, their fraction in the lower.</summary>
public static class NtpTime
{
    private static readonly long Epoch = new DateTime(1900, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;

    public static ulong Of(DateTimeOffset time)
    {
        var (seconds, rest) = Math.DivRem(time.UtcTicks - Epoch, TimeSpan.TicksPerSecond);
        return ((ulong)seconds << 32) | (((ulong)rest << 32) / (ulong)TimeSpan.TicksPerSecond);
    }

    /// <summary>The middle half, by which report blocks name the report that they answer.</summary>
    public static uint Middle(ulong time) => (uint)(time >> 16);
}
