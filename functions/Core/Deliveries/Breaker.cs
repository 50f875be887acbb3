namespace ClickToDial.Core.Deliveries;

/// <summary>
/// What is remembered of a subscriber in trouble: after some failures in a row nothing is sent to it for a while, then one delivery
/// finds out whether it is back.
/// </summary>
/// <param name="Failures">In a row.</param>
/// <param name="Pauses">In a row: each is longer than the one before.</param>
/// <param name="PausedUntil">Null while everything may go.</param>
public sealed record Breaker(int Failures = 0, int Pauses = 0, DateTimeOffset? PausedUntil = null)
{
    public const int Threshold = 5;
    public static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(15);

    /// <summary>Longer than any attempt takes; should whoever probes die, another one may.</summary>
    public static readonly TimeSpan ProbeTime = TimeSpan.FromSeconds(30);

    public static Breaker Closed { get; } = new();

    public BreakerAnswer Ask(DateTimeOffset now) =>
        PausedUntil is not { } until ? BreakerAnswer.Send : now < until ? BreakerAnswer.Wait : BreakerAnswer.Probe;

    /// <summary>While one delivery finds out, the others wait.</summary>
    public Breaker Probing(DateTimeOffset now) => this with { PausedUntil = now + ProbeTime };

    /// <param name="wasProbe">Others that fail during a pause had been sent before it, and do not make it longer.</param>
    public Breaker Failed(DateTimeOffset now, bool wasProbe)
    {
        if (PausedUntil is not null && !wasProbe) return this;
        var failures = Math.Min(Failures + 1, Threshold);
        if (failures < Threshold) return this with { Failures = failures };
        var pause = FirstPause * Math.Pow(2, Math.Min(Pauses, 16));
        return new Breaker(failures, Pauses + 1, now + (pause < LongestPause ? pause : LongestPause));
    }
}
