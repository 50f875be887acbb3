namespace ClickToDial.Media.Linux;

/// <summary>The injected clock in nanoseconds, as the packet path counts.</summary>
internal sealed class MediaClock(TimeProvider time)
{
    private readonly long _frequency = time.TimestampFrequency;

    public long Nanoseconds
    {
        get
        {
            var stamp = time.GetTimestamp();
            return _frequency == 1_000_000_000 ? stamp : (long)(stamp * (Int128)1_000_000_000 / _frequency);
        }
    }

    public TimeProvider Time => time;
}
