using System.Text;
using ClickToDial.Media.Rtp;

namespace ClickToDial.Media.Tests.Rtp;

public sealed class RtcpWriterTests
{
    [Fact]
    public void Compound_datagram_is_as_RFC_3550_draws_it()
    {
        var bytes = new byte[200];
        var writer = new RtcpWriter(bytes);
        writer.SenderReport(
            0x01020304, time: 0xE1E2E3E4_F1F2F3F4, timestamp: 0xA0A1A2A3, packets: 5, octets: 800,
            [new ReportBlock(0x0B0C0D0E, FractionLost: 64, CumulativeLost: -2, ExtendedHighest: 0x00010007, Jitter: 9, LastSenderReport: 0xE3E4F1F2, DelaySinceLast: 65536)]);
        writer.SourceDescription(0x01020304, "abc"u8);

        Assert.Equal(
            "81C8000C" + "01020304" + "E1E2E3E4F1F2F3F4" + "A0A1A2A3" + "00000005" + "00000320"
            + "0B0C0D0E" + "40FFFFFE" + "00010007" + "00000009" + "E3E4F1F2" + "00010000"
            + "81CA0003" + "01020304" + "0103616263000000",
            Convert.ToHexString(bytes.AsSpan(0, writer.Length)));
        Assert.True(RtcpReader.IsValid(bytes.AsSpan(0, writer.Length)));
    }

    [Fact]
    public void Receiver_report_may_be_empty()
    {
        var bytes = new byte[200];
        var writer = new RtcpWriter(bytes);
        writer.ReceiverReport(0x01020304, []);
        Assert.Equal("80C9000101020304", Convert.ToHexString(bytes.AsSpan(0, writer.Length)));
    }

    [Fact]
    public void Name_of_any_length_ends_with_a_zero_and_on_a_word()
    {
        for (var length = 0; length <= 300; length++)
        {
            var bytes = new byte[400];
            Array.Fill(bytes, (byte)0xFF);
            var writer = new RtcpWriter(bytes);
            writer.SourceDescription(1, Encoding.ASCII.GetBytes(new string('n', length)));
            var written = Math.Min(length, RtcpWriter.MaxName);
            Assert.True(RtcpReader.IsValid(bytes.AsSpan(0, writer.Length)));
            Assert.Equal(written, bytes[9]);
            var rest = bytes[(10 + written)..writer.Length];
            Assert.InRange(rest.Length, 1, 4);
            Assert.All(rest, octet => Assert.Equal(0, octet));
            Assert.Equal(0xFF, bytes[writer.Length]);
        }
    }

    [Fact]
    public void Block_is_read_as_it_was_written()
    {
        var block = new ReportBlock(1, 2, -3, 4, 5, 6, 7);
        var bytes = new byte[ReportBlock.Length];
        block.Write(bytes);
        Assert.Equal(block, ReportBlock.Read(bytes));
    }

    [Fact]
    public void Time_of_NTP_counts_from_1900()
    {
        // RFC 5905 figure 4: the Unix epoch is second 2208988800.
        var time = NtpTime.Of(DateTimeOffset.UnixEpoch + TimeSpan.FromMilliseconds(500));
        Assert.Equal((2208988800UL << 32) | 0x8000_0000, time);
        Assert.Equal(((uint)(2208988800 & 0xFFFF) << 16) | 0x8000, NtpTime.Middle(time));
    }
}
