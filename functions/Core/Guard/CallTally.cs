using System.Collections.Immutable;

namespace ClickToDial.Core.Guard;

/// <summary>
/// The calls that a user, an address began, or that went to a destination: those of the last minute each with the mark of its
/// request, so that a repeated request counts once; those of the last hour by minutes, those of the last day by hours.
/// </summary>
public sealed record CallTally
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public static CallTally Empty { get; } = new();

    /// <summary>Of the last minute.</summary>
    public ImmutableArray<Entry> Recent { get; init; } = [];

    public ImmutableArray<Bucket> Minutes { get; init; } = [];

    public ImmutableArray<Bucket> Hours { get; init; } = [];

    /// <summary>Calls that may be under way; those that have ended are found out when the limit is reached.</summary>
    public ImmutableArray<Entry> Open { get; init; } = [];

    /// <summary>Caps that the operator was told of, and when.</summary>
    public ImmutableArray<Entry> Told { get; init; } = [];

    /// <summary>Counts one more call, if the limits let it.</summary>
    public TallyAnswer Count(string mark, DateTimeOffset now, CallLimits limits)
    {
        if (Recent.Any(e => e.Id == mark) || Open.Any(e => e.Id == mark)) return new TallyAnswer(this);
        var current = Trim(now);
        if (limits.Minute <= current.Recent.Length) return Refuse(TallyCap.Minute, now, Minute, current.Recent[0].At + Minute - now);
        if (limits.Hour <= current.Minutes.Sum(b => b.Calls)) return Refuse(TallyCap.Hour, now, Hour, Leaves(current.Minutes, Minute, Hour) - now);
        if (limits.Day <= current.Hours.Sum(b => b.Calls)) return Refuse(TallyCap.Day, now, Day, Leaves(current.Hours, Hour, Day) - now);
        if (limits.AtOnce <= current.Open.Length) return Refuse(TallyCap.AtOnce, now, Hour, TimeSpan.Zero);
        return new TallyAnswer(current.Add(mark, now, limits.AtOnce is not null));
    }

    /// <summary>Without calls that have ended.</summary>
    public CallTally Without(IReadOnlySet<string> ended) => ended.Count == 0 ? this : this with { Open = Open.RemoveAll(e => ended.Contains(e.Id)) };

    private CallTally Trim(DateTimeOffset now) => this with
    {
        Recent = Recent.RemoveAll(e => e.At <= now - Minute),
        Minutes = Minutes.RemoveAll(b => b.Index <= Index(now, Minute) - 60),
        Hours = Hours.RemoveAll(b => b.Index <= Index(now, Hour) - 24),
        // No call is longer than a day.
        Open = Open.RemoveAll(e => e.At <= now - Day),
        Told = Told.RemoveAll(e => e.At <= now - Day),
    };

    private CallTally Add(string mark, DateTimeOffset now, bool isKeptOpen) => this with
    {
        Recent = [.. Recent.TakeLast(CallLimits.MostInAMinute - 1), new Entry(now, mark)],
        Minutes = AddTo(Minutes, Index(now, Minute)),
        Hours = AddTo(Hours, Index(now, Hour)),
        Open = isKeptOpen ? Open.Add(new Entry(now, mark)) : Open,
    };

    private TallyAnswer Refuse(TallyCap cap, DateTimeOffset now, TimeSpan span, TimeSpan wait)
    {
        var name = cap.ToString();
        var atLeast = cap == TallyCap.AtOnce || wait >= TimeSpan.FromSeconds(1) ? wait : TimeSpan.FromSeconds(1);
        if (Told.Any(e => e.Id == name && e.At > now - span)) return new TallyAnswer(this, cap, atLeast);
        return new TallyAnswer(this with { Told = Told.RemoveAll(e => e.Id == name).Add(new Entry(now, name)) }, cap, atLeast, IsNews: true);
    }

    private static ImmutableArray<Bucket> AddTo(ImmutableArray<Bucket> buckets, long index) =>
        buckets is [.., var last] && last.Index == index
            ? buckets.SetItem(buckets.Length - 1, last with { Calls = last.Calls + 1 })
            : buckets.Add(new Bucket(index, 1));

    /// <summary>When the oldest bucket leaves the span.</summary>
    private static DateTimeOffset Leaves(ImmutableArray<Bucket> buckets, TimeSpan size, TimeSpan span) =>
        new DateTimeOffset(buckets.Select(b => b.Index).DefaultIfEmpty().Min() * size.Ticks, TimeSpan.Zero) + span;

    private static long Index(DateTimeOffset time, TimeSpan size) => time.UtcTicks / size.Ticks;

    public sealed record Entry(DateTimeOffset At, string Id);

    public sealed record Bucket(long Index, int Calls);
}
