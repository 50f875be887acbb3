namespace ClickToDial.Media.Linux;

/// <summary>
/// Says how long to let packets gather before the shard is woken for them. The wake-up costs as much as relaying several packets, so
/// under load they share one; the price is delay. The bound is on the age of the oldest packet that may be there, so what the shard
/// spends on one batch is not waited for once more before the next. With few packets a second nothing gathers, so a lone
/// call sees no added delay; the busier it gets beyond that, the shorter the wait that fills a batch. Where packets come in bursts with
/// silence between them, as from senders that a timer wakes, the rest of a burst is close behind its first packet, and what is waited
/// for beyond it never comes: then a fraction of the bound is enough.
/// </summary>
internal struct Coalescing(long boundNanoseconds)
{
    /// <summary>Packets of a full batch: more of them hardly lower the cost of each.</summary>
    public const int Batch = 32;

    // The kernel counts microseconds: less would be none to it, and it would then wait for a full batch.
    private const long Least = 1000;

    // With fewer to be expected within the bound, waiting saves less than it delays.
    private const double Worthwhile = 2;

    // Of the bound, for the rest of a burst; and so many turns without a silence say that the bursts are over.
    private const int BurstShare = 4;
    private const int BurstMemory = 16;

    // The rate follows a change within some milliseconds, however many waits that are.
    private const double Memory = 5_000_000;
    private double _perNanosecond;
    private long _last;
    private long _lastPacket;
    private int _burstTurns;

    /// <summary>Nanoseconds to gather for, from now on.</summary>
    /// <param name="now">Nanoseconds, on the clock of <see cref="Observe"/>.</param>
    public readonly long Wait(long now)
    {
        if (_perNanosecond * boundNanoseconds < Worthwhile) return 0;
        var longest = _burstTurns > 0 ? boundNanoseconds / BurstShare : boundNanoseconds;
        var rest = Math.Min(longest, (long)(Batch / _perNanosecond)) - (now - _last);
        return rest < Least ? 0 : rest;
    }

    /// <summary>Tells what was there when the packets that had come were taken.</summary>
    /// <param name="taken">Nanoseconds: when that was. Whatever comes next is younger.</param>
    public void Observe(int packets, long taken)
    {
        var elapsed = Math.Max(1, taken - _last);
        _last = taken;
        if (packets > 0)
        {
            // Evenly spread packets that are worth waiting for leave no such silence.
            _burstTurns = taken - _lastPacket > boundNanoseconds * 3 / 2 ? BurstMemory : Math.Max(0, _burstTurns - 1);
            _lastPacket = taken;
        }
        _perNanosecond += elapsed / (elapsed + Memory) * (((double)packets / elapsed) - _perNanosecond);
    }
}
