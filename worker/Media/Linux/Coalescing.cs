namespace ClickToDial.Media.Linux;

/// <summary>
/// Says how long to let packets gather before the shard is woken for them. The wake-up costs as much as relaying several packets, so
/// under load they share one; the price is delay, bounded by the option. With few packets a second nothing gathers, so a lone
/// call sees no added delay; the busier it gets beyond that, the shorter the wait that fills a batch.
/// </summary>
internal struct Coalescing(long boundNanoseconds)
{
    /// <summary>Packets of a full batch: more of them hardly lower the cost of each.</summary>
    public const int Batch = 32;

    // With fewer to be expected within the bound, waiting saves less than it delays.
    private const double Worthwhile = 2;

    // The rate follows a change within some milliseconds, however many waits that are.
    private const double Memory = 5_000_000;
    private double _perNanosecond;
    private long _last;

    /// <summary>Nanoseconds to gather for now.</summary>
    public readonly long Wait
    {
        get
        {
            if (_perNanosecond * boundNanoseconds < Worthwhile) return 0;
            return Math.Min(boundNanoseconds, (long)(Batch / _perNanosecond));
        }
    }

    /// <summary>Tells what a wait brought.</summary>
    /// <param name="now">Nanoseconds; the time since the last call counts.</param>
    public void Observe(int packets, long now)
    {
        var elapsed = Math.Max(1, now - _last);
        _last = now;
        _perNanosecond += elapsed / (elapsed + Memory) * (((double)packets / elapsed) - _perNanosecond);
    }
}
