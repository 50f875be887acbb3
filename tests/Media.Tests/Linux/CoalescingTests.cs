using ClickToDial.Media.Linux;

namespace ClickToDial.Media.Tests.Linux;

public sealed class CoalescingTests
{
    private const long Microsecond = 1000;
    private const long Bound = 500 * Microsecond;
    private Coalescing _coalescing = new(Bound);
    private long _now = 1_000_000_000;

    [Fact]
    public void Few_packets_never_wait()
    {
        for (var i = 0; i < 1000; i++)
        {
            Arrive(1, after: 1000 * Microsecond); // ten calls
            Assert.Equal(0, _coalescing.Wait(_now));
        }
    }

    [Fact]
    public void Many_packets_wait_for_company_up_to_the_bound()
    {
        for (var i = 0; i < 1000; i++) Arrive(1, after: 50 * Microsecond); // 400 streams
        Assert.Equal(Bound, _coalescing.Wait(_now));
        for (var i = 0; i < 100; i++) Arrive(10, after: Bound); // the same, gathered
        Assert.Equal(Bound, _coalescing.Wait(_now));
    }

    [Fact]
    public void Under_heavy_load_the_wait_is_what_fills_a_batch()
    {
        for (var i = 0; i < 10_000; i++) Arrive(1, after: 5 * Microsecond);
        Assert.Equal(Coalescing.Batch * 5 * Microsecond, _coalescing.Wait(_now), tolerance: 2 * Microsecond);
    }

    [Fact]
    public void What_a_batch_took_is_not_waited_for_once_more()
    {
        for (var i = 0; i < 1000; i++) Arrive(10, after: Bound);
        Assert.Equal(Bound - (90 * Microsecond), _coalescing.Wait(_now + (90 * Microsecond)));
        Assert.Equal(0, _coalescing.Wait(_now + (600 * Microsecond)));
        Assert.Equal(Microsecond, _coalescing.Wait(_now + Bound - Microsecond));
        Assert.Equal(0, _coalescing.Wait(_now + Bound - 999)); // no microsecond is left: to the kernel that is no bound at all
    }

    [Fact]
    public void First_packet_after_a_pause_does_not_wait()
    {
        for (var i = 0; i < 1000; i++) Arrive(1, after: 50 * Microsecond);
        Arrive(1, after: 200_000 * Microsecond);
        Assert.Equal(0, _coalescing.Wait(_now));
    }

    [Fact]
    public void Of_bursts_that_silence_parts_the_rest_is_waited_for_a_short_while_and_of_even_packets_again_the_whole_bound()
    {
        for (var i = 0; i < 100; i++)
        {
            Arrive(3, after: 900 * Microsecond); // 400 streams on ticks of a millisecond
            if (i > 10) Assert.Equal(Bound / 4, _coalescing.Wait(_now));
            Arrive(17, after: 100 * Microsecond);
        }
        for (var i = 0; i < 16; i++) Arrive(2, after: 100 * Microsecond);
        Assert.Equal(Bound, _coalescing.Wait(_now));
    }

    [Fact]
    public void Bound_of_nothing_never_waits()
    {
        _coalescing = new Coalescing(0);
        for (var i = 0; i < 1000; i++) Arrive(10, after: 1);
        Assert.Equal(0, _coalescing.Wait(_now));
    }

    private void Arrive(int packets, long after)
    {
        _now += after;
        _coalescing.Observe(packets, _now);
    }
}
