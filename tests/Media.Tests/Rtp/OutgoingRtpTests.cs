using ClickToDial.Media.Rtp;

namespace ClickToDial.Media.Tests.Rtp;

public sealed class OutgoingRtpTests
{
    private const long Second = 1_000_000_000;
    private OutgoingRtp _stream = new(0xABCD, 65530, 1000);
    private long _now = Second;

    [Fact]
    public void Prompt_then_relay_is_one_stream()
    {
        var timestamp = _stream.BeginSpurt(8000, _now);
        var own = Own(timestamp);
        _now += Second / 50;
        var relayed = Relay(source: 7, ssrc: 99, sequence: 3000, timestamp: 77_000);

        Assert.Equal((0xABCDu, 65530), (own.Ssrc, own.Sequence));
        Assert.Equal((0xABCDu, 65531, own.Timestamp + 160), (relayed.Ssrc, relayed.Sequence, relayed.Timestamp));
        Assert.True(relayed.Marker);
    }

    [Fact]
    public void Timestamp_moves_by_the_time_between_sources()
    {
        var first = Relay(1, 10, 0, 0);
        _now += 3 * Second;
        var second = Relay(2, 20, 500, 5000);
        Assert.Equal(first.Timestamp + 24000, second.Timestamp);
    }

    [Fact]
    public void Loss_and_disorder_of_a_relayed_stream_are_kept()
    {
        var start = Relay(1, 10, 100, 0);
        Assert.Equal((ushort)(start.Sequence + 3), Relay(1, 10, 103, 480).Sequence);
        Assert.Equal((ushort)(start.Sequence + 2), Relay(1, 10, 102, 320).Sequence);
        Assert.Equal(start.Timestamp + 640, Relay(1, 10, 104, 640).Timestamp);
    }

    [Fact]
    public void New_ssrc_from_the_same_leg_goes_on_after_the_highest()
    {
        Relay(1, 10, 100, 0);
        var highest = Relay(1, 10, 105, 800);
        Relay(1, 10, 101, 160); // late
        _now += Second / 50;
        var next = Relay(1, 11, 9000, 123);
        Assert.Equal((ushort)(highest.Sequence + 1), next.Sequence);
        Assert.True(next.Marker);
    }

    [Fact]
    public void Marker_of_the_source_is_passed_on() => Assert.Equal(
        [true, false, true], new[] { Relay(1, 10, 1, 0).Marker, Relay(1, 10, 2, 160).Marker, Relay(1, 10, 3, 320, marker: true).Marker });

    private RtpHeader Own(uint timestamp)
    {
        var packet = new byte[12];
        _stream.Write(packet, 0, marker: true, timestamp, _now);
        Assert.True(RtpHeader.TryRead(packet, out var header));
        return header;
    }

    private RtpHeader Relay(int source, uint ssrc, ushort sequence, uint timestamp, bool marker = false)
    {
        var packet = new byte[12];
        RtpHeader.Write(packet, 8, marker, sequence, timestamp, ssrc);
        Assert.True(RtpHeader.TryRead(packet, out var header));
        _stream.Adopt(packet, header, 0, source, 8000, _now);
        Assert.True(RtpHeader.TryRead(packet, out header));
        return header;
    }
}
