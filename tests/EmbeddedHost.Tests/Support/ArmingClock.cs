using ClickToDial.TestKit.Events;
using ClickToDial.TestKit.Time;

namespace ClickToDial.EmbeddedHost.Tests.Support;

/// <summary>A manual clock that tells when somebody starts to wait on it, so that a test moves it neither too early nor in vain.</summary>
public sealed class ArmingClock(DateTimeOffset start) : TimeProvider
{
    private readonly ManualTimeProvider _inner = new(start);

    /// <summary>How long each timer was armed for.</summary>
    public EventLog<TimeSpan> Armed { get; } = new("armed timers");

    public override long TimestampFrequency => _inner.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => _inner.LocalTimeZone;

    public void Advance(TimeSpan by) => _inner.Advance(by);

    public override DateTimeOffset GetUtcNow() => _inner.GetUtcNow();

    public override long GetTimestamp() => _inner.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = _inner.CreateTimer(callback, state, dueTime, period);
        Armed.Append(dueTime);
        return timer;
    }
}
