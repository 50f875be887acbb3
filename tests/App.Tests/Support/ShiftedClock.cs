namespace ClickToDial.App.Tests.Support;

/// <summary>
/// The system's clock, put forward by a test. Timers run as ever, so that the host beneath goes on working. Whatever is measured across the
/// jump takes that much longer, the waits of requests under way among it: an app that several tests use at once has no such clock.
/// </summary>
/// <param name="isShared">Then it cannot be put forward.</param>
public sealed class ShiftedClock(bool isShared = false) : TimeProvider
{
    private long _shift;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref _shift));

    public override long GetTimestamp() => base.GetTimestamp() + (long)(TimeSpan.FromTicks(Interlocked.Read(ref _shift)).TotalSeconds * TimestampFrequency);

    /// <exception cref="InvalidOperationException">Other tests look at it.</exception>
    public void PutForward(TimeSpan by)
    {
        if (isShared) throw new InvalidOperationException($"Other tests look at this clock: take a {nameof(ClockRig)}, or an app of your own.");
        Interlocked.Add(ref _shift, by.Ticks);
    }
}
