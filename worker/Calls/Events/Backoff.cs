namespace ClickToDial.Calls.Events;

/// <summary>Waits that double, each drawn from its upper half so that many who failed together do not return together.</summary>
public sealed record Backoff(TimeSpan First, TimeSpan Longest, Random Random)
{
    /// <param name="failures">Failures in a row, from 1.</param>
    public TimeSpan After(int failures)
    {
        var full = Math.Min(Longest.Ticks, First.Ticks * Math.Pow(2, Math.Clamp(failures - 1, 0, 40)));
        return TimeSpan.FromTicks((long)(full * (0.5 + (Random.NextDouble() / 2))));
    }
}
