using System.Collections.Immutable;

namespace ClickToDial.Core.Destinations;

/// <summary>The calls a user started in the last minute, each with the mark of its request, so that a repeated request counts once.</summary>
public sealed record RateWindow(ImmutableArray<RateWindow.Entry> Entries)
{
    public static readonly TimeSpan Span = TimeSpan.FromMinutes(1);

    public static RateWindow Empty { get; } = new([]);

    /// <summary>Counts one more call. Null when the limit is reached; the same object when the mark is counted already.</summary>
    public RateWindow? Count(string mark, DateTimeOffset now, int limit)
    {
        if (Entries.Any(e => e.Mark == mark)) return this;
        var recent = Entries.RemoveAll(e => e.At <= now - Span);
        return recent.Length >= limit ? null : new RateWindow(recent.Add(new Entry(now, mark)));
    }

    /// <summary>Until the oldest counted call leaves the window; at least a second.</summary>
    public TimeSpan WaitFrom(DateTimeOffset now)
    {
        var recent = Entries.Where(e => e.At > now - Span).Select(e => e.At).DefaultIfEmpty(now - Span).Min();
        var wait = recent + Span - now;
        return wait < TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : wait;
    }

    public sealed record Entry(DateTimeOffset At, string Mark);
}
