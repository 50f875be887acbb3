using ClickToDial.Media.Rtp;

namespace ClickToDial.Media.Tests.Rtp;

/// <summary>RFC 3550 appendix A.1 (sequence), A.3 (loss), A.8 (jitter).</summary>
public sealed class ReceiveStatisticsTests
{
    private const long Packet = 20_000_000; // ns
    private ReceiveStatistics _statistics;

    [Fact]
    public void Even_stream_has_no_loss_and_no_jitter()
    {
        Feed(Enumerable.Range(0, 100));
        Assert.Equal((100, 0, 0u), (_statistics.Received, _statistics.Lost, _statistics.Jitter));
    }

    [Fact]
    public void Gap_counts_as_lost_and_a_late_packet_fills_it()
    {
        Feed([10, 11, 13, 14]);
        Assert.Equal(1, _statistics.Lost);
        Feed([12]);
        Assert.Equal((5, 0), (_statistics.Received, _statistics.Lost));
    }

    [Fact]
    public void Wrap_is_counted_in_the_extended_highest()
    {
        Feed([65534, 65535, 0, 1]);
        Assert.Equal((1u << 16) + 1, _statistics.ExtendedHighest);
        Assert.Equal(0, _statistics.Lost);
    }

    [Fact]
    public void Duplicates_never_make_loss_negative()
    {
        Feed([1, 2, 2, 2, 3]);
        Assert.Equal((5, 0), (_statistics.Received, _statistics.Lost));
    }

    [Fact]
    public void Lone_far_packet_is_ignored_and_two_in_a_row_start_anew()
    {
        Feed([1, 2, 3, 40000, 4]);
        Assert.Equal((4, 0), (_statistics.Received, _statistics.Lost));
        Feed([50000, 50001, 50002]);
        Assert.Equal((6, 0), (_statistics.Received, _statistics.Lost)); // the first of the two is spent on probation
        Assert.Equal(50002u, _statistics.ExtendedHighest);
    }

    [Fact]
    public void New_ssrc_starts_a_stream_and_totals_go_on()
    {
        Feed([1, 3]);
        Feed([60000, 60002], ssrc: 2);
        Assert.Equal((4, 2), (_statistics.Received, _statistics.Lost));
    }

    [Fact]
    public void Jitter_follows_the_recurrence()
    {
        // Transit differences of 80 clock units (10 ms), each way: J += (|D| - J) / 16.
        double expected = 0;
        for (var i = 0; i < 50; i++)
        {
            _statistics.Update(1, (ushort)i, (uint)(i * 160), (i * Packet) + (i % 2 * 10_000_000), 8000, sound: true);
            if (i > 0) expected += (80 - expected) / 16;
        }
        Assert.Equal((uint)expected, _statistics.Jitter);
        Assert.Equal(expected / 8, _statistics.JitterMilliseconds, 3);
    }

    [Fact]
    public void Timestamp_wrap_is_no_jitter()
    {
        for (var i = 0; i < 4; i++) _statistics.Update(1, (ushort)i, unchecked(uint.MaxValue - 200 + (uint)(i * 160)), i * Packet, 8000, sound: true);
        Assert.Equal(0u, _statistics.Jitter);
    }

    [Fact]
    public void Fraction_lost_is_that_of_the_interval()
    {
        Feed(Enumerable.Range(0, 64));
        Assert.Equal(0, _statistics.TakeFractionLost());
        Feed(Enumerable.Range(64, 64).Where(i => i % 4 != 0));
        Assert.Equal(64, _statistics.TakeFractionLost()); // a quarter of 256
        Feed(Enumerable.Range(128, 10));
        Assert.Equal(0, _statistics.TakeFractionLost());
    }

    private void Feed(IEnumerable<int> sequences, uint ssrc = 1)
    {
        foreach (var sequence in sequences)
            _statistics.Update(ssrc, (ushort)sequence, (uint)(sequence * 160), sequence * Packet, 8000, sound: true);
    }
}
