using ClickToDial.Media.Rtp;

namespace ClickToDial.Media.Tests.Rtp;

public sealed class TelephoneEventTimelineTests
{
    private TelephoneEventTimeline _timeline;

    [Fact]
    public void A_press_too_long_for_the_other_clock_goes_on_as_another_segment()
    {
        Assert.Equal((1000u, 10922 * 6), Place(0, 10922, here: 1000)); // the last that fits in 16 bits
        var (timestamp, duration) = Place(0, 11000, here: 9999);
        Assert.Equal((1000u + 0xFFFF, (11000 * 6) - 0xFFFF), (timestamp, duration));
    }

    [Fact]
    public void Segments_that_the_other_clock_does_not_need_are_one_press()
    {
        Assert.Equal((1000u, 0xFFFF / 6), Place(0, 0xFFFF, here: 1000, fromRate: 48000, toRate: 8000));
        Assert.Equal((1000u, (0xFFFF + 4800) / 6), Place(0xFFFF, 4800, here: 5000, fromRate: 48000, toRate: 8000));
    }

    [Fact]
    public void Each_press_has_a_timestamp_of_its_own_however_soon_it_comes()
    {
        Assert.Equal(1000u, Place(0, 160, here: 1000, end: true).Timestamp);
        Assert.Equal(1001u, Place(400, 160, here: 1000).Timestamp);
        Assert.Equal(2000u, Place(800, 160, here: 2000).Timestamp);
    }

    [Fact]
    public void A_straggler_of_an_earlier_press_is_dropped()
    {
        Place(1000, 160, here: 1);
        var press = new TelephoneEvent(5, false, 10, 160);
        Assert.False(_timeline.TryPlace(Header(600), ref press, 8000, 8000, 2, out _));
    }

    private (uint Timestamp, int Duration) Place(uint from, ushort duration, uint here, int fromRate = 8000, int toRate = 48000, bool end = false)
    {
        var press = new TelephoneEvent(5, end, 10, duration);
        Assert.True(_timeline.TryPlace(Header(from), ref press, fromRate, toRate, here, out var timestamp));
        return (timestamp, press.Duration);
    }

    private static RtpHeader Header(uint timestamp) => new(101, false, 0, timestamp, 7, RtpHeader.FixedLength, TelephoneEvent.Length);
}
