using ClickToDial.Media.Rtp;

namespace ClickToDial.Media.Tests.Rtp;

public sealed class RtpHeaderTests
{
    [Fact]
    public void Written_header_reads_back()
    {
        var packet = new byte[14];
        RtpHeader.Write(packet, 101, marker: true, 65535, 0xFFFFFFFE, 0x01020304);
        Assert.True(RtpHeader.TryRead(packet, out var header));
        Assert.Equal(new RtpHeader(101, true, 65535, 0xFFFFFFFE, 0x01020304, 12, 2), header);
    }

    [Fact]
    public void Csrc_extension_and_padding_are_passed_over()
    {
        byte[] packet =
        [
            0x80 | 0x20 | 0x10 | 1, 8, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, // P, X, one CSRC
            9, 9, 9, 9, // CSRC
            0xBE, 0xDE, 0, 1, 7, 7, 7, 7, // extension of one word
            1, 2, 3, 0, 2, // three octets of sound, two of padding
        ];
        Assert.True(RtpHeader.TryRead(packet, out var header));
        Assert.Equal((24, 3), (header.HeaderLength, header.PayloadLength));
    }

    [Theory]
    [InlineData(new byte[] { 0x80, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0 })] // 11 octets
    [InlineData(new byte[] { 0x40, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0 })] // version 1
    [InlineData(new byte[] { 0x81, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0 })] // CSRC missing
    [InlineData(new byte[] { 0x90, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 })] // extension header cut
    [InlineData(new byte[] { 0x90, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF })] // extension beyond the end
    [InlineData(new byte[] { 0xA0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0 })] // padding of 0
    [InlineData(new byte[] { 0xA0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 9 })] // padding beyond the payload
    public void Malformed_packet_is_refused(byte[] packet) => Assert.False(RtpHeader.TryRead(packet, out _));

    [Theory]
    [InlineData(191, false)]
    [InlineData(192, true)]
    [InlineData(200, true)]
    [InlineData(223, true)]
    [InlineData(224, false)]
    [InlineData(0, false)]
    public void Rtcp_on_the_same_port_is_told_by_its_type(byte second, bool rtcp) =>
        Assert.Equal(rtcp, RtpHeader.IsRtcp([0x80, second, 0, 1, 0, 0, 0, 0]));
}
