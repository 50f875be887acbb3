namespace ClickToDial.App.Tests.Support;

/// <summary>The system's clock, put forward by a test. Timers run as ever, so that the host beneath goes on working.</summary>
public sealed class ShiftedClock : TimeProvider
{
    private long _shift;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref _shift));

    public override long GetTimestamp() => base.GetTimestamp() + (long)(TimeSpan.FromTicks(Interlocked.Read(ref _shift)).TotalSeconds * TimestampFrequency);

    public void PutForward(TimeSpan by) => Interlocked.Add(ref _shift, by.Ticks);
}
