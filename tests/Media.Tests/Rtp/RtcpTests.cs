using System.Buffers.Binary;
using ClickToDial.Media.Rtp;
using FsCheck;
using FsCheck.Fluent;

namespace ClickToDial.Media.Tests.Rtp;

public sealed class RtcpTests
{
    [Fact]
    public void Reports_cross_the_relay_in_the_terms_of_the_other_side()
    {
        var toBob = Fed(ourSsrc: 0xB0B, sourceSsrc: 0xA1, sequence: 10, timestamp: 1000);
        var toAlice = Fed(ourSsrc: 0xA11CE, sourceSsrc: 0xB1, sequence: 500, timestamp: 0);
        var report = SenderReport(ssrc: 0xA1, timestamp: 1160, about: 0xA11CE, highest: 0x0001_0000u | (ushort)(500 + toAlice.SequenceOffset));

        RtcpTranslation.Apply(report, toBob, toAlice);

        Assert.Equal(0xB0Bu, Read(report, 4));
        Assert.Equal(1160 + toBob.TimestampOffset, Read(report, 16));
        Assert.Equal(0xB1u, Read(report, 28)); // the block is about Bob's own stream again
        Assert.Equal(500, BinaryPrimitives.ReadUInt16BigEndian(report.AsSpan(38)));
        Assert.Equal(0xB0Bu, Read(report, 56)); // SDES chunk of the same sender
    }

    [Fact]
    public void Compound_datagram_is_walked()
    {
        var reader = new RtcpReader(SenderReport(1, 2, 3, 4));
        Assert.True(reader.MoveNext());
        Assert.Equal((RtcpType.SenderReport, 1), (reader.Type, reader.Count));
        Assert.Equal(3u, ReportBlock.Read(reader.ReportBlocks).Ssrc);
        Assert.True(reader.MoveNext());
        Assert.Equal(RtcpType.SourceDescription, reader.Type);
        Assert.False(reader.MoveNext());
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 0x80, 200, 0 })]
    [InlineData(new byte[] { 0x80, 200, 0, 6 })] // longer than the datagram
    [InlineData(new byte[] { 0x40, 200, 0, 0 })] // version 1
    [InlineData(new byte[] { 0x80, 100, 0, 0 })] // no RTCP type
    [InlineData(new byte[] { 0x80, 201, 0, 0, 1 })] // odd octet behind
    public void Malformed_datagram_is_refused(byte[] datagram) => Assert.False(RtcpReader.IsValid(datagram));

    [Fact]
    public void Cumulative_loss_is_signed()
    {
        var block = new byte[ReportBlock.Length];
        block[5] = block[6] = block[7] = 0xFF;
        Assert.Equal(-1, ReportBlock.Read(block).CumulativeLost);
    }

    [Fact]
    public void No_bytes_make_reading_or_translating_throw()
    {
        var stream = Fed(1, 2, 3, 4);
        Prop.ForAll(Damaged().ToArbitrary(), bytes =>
        {
            _ = RtcpReader.IsValid(bytes);
            RtcpTranslation.Apply(bytes, stream, stream);
            var reader = new RtcpReader(bytes);
            while (reader.MoveNext()) _ = reader.ReportBlocks.Length;
            return true;
        }).QuickCheckThrowOnFailure();
    }

    private static Gen<byte[]> Damaged() =>
        from position in Gen.Choose(0, 63)
        from value in Gen.Choose(0, 255)
        from length in Gen.Choose(0, 64)
        select Damage(position, (byte)value, length);

    private static byte[] Damage(int position, byte value, int length)
    {
        var report = SenderReport(1, 2, 3, 4);
        report[position] = value;
        return report[..length];
    }

    private static OutgoingRtp Fed(uint ourSsrc, uint sourceSsrc, ushort sequence, uint timestamp)
    {
        var stream = new OutgoingRtp(ourSsrc, 777, 888);
        var packet = new byte[12];
        RtpHeader.Write(packet, 0, marker: false, sequence, timestamp, sourceSsrc);
        Assert.True(RtpHeader.TryRead(packet, out var header));
        stream.Adopt(packet, header, 0, 1, 8000, 0);
        return stream;
    }

    // SR with one block (52 octets), then SDES with one empty chunk (12).
    private static byte[] SenderReport(uint ssrc, uint timestamp, uint about, uint highest)
    {
        var datagram = new byte[64];
        datagram[0] = 0x81;
        datagram[1] = 200;
        datagram[3] = 12;
        Write(datagram, 4, ssrc);
        Write(datagram, 16, timestamp);
        Write(datagram, 28, about);
        Write(datagram, 36, highest);
        datagram[52] = 0x81;
        datagram[53] = 202;
        datagram[55] = 2;
        Write(datagram, 56, ssrc);
        return datagram;
    }

    private static uint Read(byte[] datagram, int offset) => BinaryPrimitives.ReadUInt32BigEndian(datagram.AsSpan(offset));

    private static void Write(byte[] datagram, int offset, uint value) => BinaryPrimitives.WriteUInt32BigEndian(datagram.AsSpan(offset), value);
}
