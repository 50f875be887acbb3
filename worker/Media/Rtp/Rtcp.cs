using System.Buffers.Binary;

namespace ClickToDial.Media.Rtp;

/// <summary>RTCP packet types (RFC 3550 section 12.1, RFC 4585, RFC 3611).</summary>
public enum RtcpType : byte
{
    SenderReport = 200,
    ReceiverReport = 201,
    SourceDescription = 202,
    Bye = 203,
    Application = 204,
    TransportFeedback = 205,
    PayloadFeedback = 206,
    ExtendedReport = 207,
}

/// <summary>A reception report block (RFC 3550 section 6.4.1).</summary>
/// <param name="LastSenderReport">Middle 32 bits of the NTP time of the report it answers, 0 for none.</param>
/// <param name="DelaySinceLast">In units of 1/65536 s.</param>
public readonly record struct ReportBlock(
    uint Ssrc, byte FractionLost, int CumulativeLost, uint ExtendedHighest, uint Jitter, uint LastSenderReport, uint DelaySinceLast)
{
    public const int Length = 24;

    public static ReportBlock Read(ReadOnlySpan<byte> block) => new(
        BinaryPrimitives.ReadUInt32BigEndian(block),
        block[4],
        (int)(BinaryPrimitives.ReadUInt32BigEndian(block[4..]) << 8) >> 8,
        BinaryPrimitives.ReadUInt32BigEndian(block[8..]),
        BinaryPrimitives.ReadUInt32BigEndian(block[12..]),
        BinaryPrimitives.ReadUInt32BigEndian(block[16..]),
        BinaryPrimitives.ReadUInt32BigEndian(block[20..]));

    public void Write(Span<byte> block)
    {
        BinaryPrimitives.WriteUInt32BigEndian(block, Ssrc);
        BinaryPrimitives.WriteUInt32BigEndian(block[4..], ((uint)FractionLost << 24) | ((uint)CumulativeLost & 0xFFFFFF));
        BinaryPrimitives.WriteUInt32BigEndian(block[8..], ExtendedHighest);
        BinaryPrimitives.WriteUInt32BigEndian(block[12..], Jitter);
        BinaryPrimitives.WriteUInt32BigEndian(block[16..], LastSenderReport);
        BinaryPrimitives.WriteUInt32BigEndian(block[20..], DelaySinceLast);
    }
}

/// <summary>Walks the packets of a compound RTCP datagram (RFC 3550 section 6.1). Reads spans, never throws.</summary>
public ref struct RtcpReader(Span<byte> datagram)
{
    private Span<byte> _rest = datagram;

    public RtcpType Type { get; private set; }

    /// <summary>The five bits after the padding bit: report count, source count or feedback format.</summary>
    public int Count { get; private set; }

    /// <summary>The packet with its 4-octet header.</summary>
    public Span<byte> Packet { get; private set; }

    /// <summary>The reception report blocks of a sender or receiver report; at most what the packet holds.</summary>
    public readonly Span<byte> ReportBlocks
    {
        get
        {
            var start = Type == RtcpType.SenderReport ? 28 : Type == RtcpType.ReceiverReport ? 8 : Packet.Length;
            if (Packet.Length <= start) return default;
            var blocks = Math.Min(Count, (Packet.Length - start) / ReportBlock.Length);
            return Packet.Slice(start, blocks * ReportBlock.Length);
        }
    }

    /// <summary>Moves to the next packet; false at the end or where the datagram stops making sense.</summary>
    public bool MoveNext()
    {
        if (_rest.Length < 4 || _rest[0] >> 6 != 2) return false;
        var length = 4 * (1 + BinaryPrimitives.ReadUInt16BigEndian(_rest[2..]));
        if (length > _rest.Length) return false;
        Type = (RtcpType)_rest[1];
        Count = _rest[0] & 0x1F;
        Packet = _rest[..length];
        _rest = _rest[length..];
        return true;
    }

    /// <summary>False for the reduced size of RFC 5506, which only peers take that agreed to it.</summary>
    public static bool BeginsWithReport(Span<byte> datagram)
    {
        var reader = new RtcpReader(datagram);
        return reader.MoveNext() && reader.Type is RtcpType.SenderReport or RtcpType.ReceiverReport;
    }

    /// <summary>True when the whole datagram is well-formed (appendix A.2; reduced size of RFC 5506 is taken too).</summary>
    public static bool IsValid(Span<byte> datagram)
    {
        var reader = new RtcpReader(datagram);
        var packets = 0;
        while (reader.MoveNext())
        {
            if ((byte)reader.Type is < 192 or > 223) return false;
            packets++;
        }
        return packets > 0 && reader._rest.Length == 0;
    }
}

/// <summary>
/// Carries RTCP across the relay: SSRCs, sequence numbers and timestamps are those of the rewritten streams, so reports keep
/// describing what the ends see.
/// </summary>
public static class RtcpTranslation
{
    /// <summary>Rewrites a datagram from one leg's peer for the other leg, in place.</summary>
    /// <param name="toward">The stream we send to the receiver of this datagram: it takes the place of the sender's stream.</param>
    /// <param name="back">The stream we send to the sender of this datagram, which its report blocks are about.</param>
    public static void Apply(Span<byte> datagram, in OutgoingRtp toward, in OutgoingRtp back)
    {
        var reader = new RtcpReader(datagram);
        while (reader.MoveNext())
        {
            var packet = reader.Packet;
            if (packet.Length < 8) continue;
            switch (reader.Type)
            {
                case RtcpType.SourceDescription or RtcpType.Bye:
                    if (reader.Count > 0) Replace(packet[4..], toward.SourceSsrc, toward.Ssrc, always: true);
                    break;
                case RtcpType.TransportFeedback or RtcpType.PayloadFeedback when packet.Length >= 12:
                    Replace(packet[4..], 0, toward.Ssrc, always: true);
                    Replace(packet[8..], back.Ssrc, back.SourceSsrc, always: false);
                    break;
                case RtcpType.SenderReport when packet.Length >= 28:
                    var timestamp = BinaryPrimitives.ReadUInt32BigEndian(packet[16..]);
                    BinaryPrimitives.WriteUInt32BigEndian(packet[16..], timestamp + toward.TimestampOffset);
                    Replace(packet[4..], 0, toward.Ssrc, always: true);
                    TranslateBlocks(reader.ReportBlocks, back);
                    break;
                default:
                    Replace(packet[4..], 0, toward.Ssrc, always: true);
                    TranslateBlocks(reader.ReportBlocks, back);
                    break;
            }
        }
    }

    private static void TranslateBlocks(Span<byte> blocks, in OutgoingRtp back)
    {
        for (; blocks.Length >= ReportBlock.Length; blocks = blocks[ReportBlock.Length..])
        {
            if (BinaryPrimitives.ReadUInt32BigEndian(blocks) != back.Ssrc) continue;
            BinaryPrimitives.WriteUInt32BigEndian(blocks, back.SourceSsrc);
            var low = (ushort)(BinaryPrimitives.ReadUInt16BigEndian(blocks[10..]) - back.SequenceOffset);
            BinaryPrimitives.WriteUInt16BigEndian(blocks[10..], low);
        }
    }

    private static void Replace(Span<byte> field, uint from, uint to, bool always)
    {
        if (always || BinaryPrimitives.ReadUInt32BigEndian(field) == from) BinaryPrimitives.WriteUInt32BigEndian(field, to);
    }
}
