using System.Globalization;
using System.Text;

namespace ClickToDial.Core.Calls;

/// <summary>The sequence numbers seen of a call, written as ranges such as <c>1-5,7</c>.</summary>
public sealed class SequenceSet : IEquatable<SequenceSet>
{
    /// <summary>No call tells more steps than this.</summary>
    public const int Largest = 100_000;

    private readonly (int First, int Last)[] _ranges;

    private SequenceSet((int First, int Last)[] ranges) => _ranges = ranges;

    public static SequenceSet Empty { get; } = new([]);

    /// <summary>0 when empty.</summary>
    public int Max => _ranges.Length == 0 ? 0 : _ranges[^1].Last;

    public int Count => _ranges.Sum(r => r.Last - r.First + 1);

    /// <summary>Nothing is missing from 1 to <see cref="Max"/>.</summary>
    public bool HasNoGap => _ranges.Length == 0 || (_ranges.Length == 1 && _ranges[0].First == 1);

    /// <exception cref="FormatException">The text was not written by <see cref="ToString"/>.</exception>
    public static SequenceSet Parse(string text)
    {
        if (text.Length == 0) return Empty;
        return new SequenceSet([.. text.Split(',').Select(ParseRange)]);
    }

    public bool Contains(int sequence) => _ranges.Any(r => sequence >= r.First && sequence <= r.Last);

    /// <summary>From the first to the last, both included.</summary>
    public SequenceSet Add(int first, int last)
    {
        var set = Add(last);
        for (var i = first; i < last; i++) set = set.Add(i);
        return set;
    }

    public SequenceSet Add(int sequence)
    {
        if (Contains(sequence)) return this;
        var merged = new List<(int First, int Last)>(_ranges.Length + 1);
        foreach (var range in _ranges.Append((First: sequence, Last: sequence)).OrderBy(r => r.First))
        {
            if (merged.Count > 0 && merged[^1].Last + 1 == range.First) merged[^1] = (merged[^1].First, range.Last);
            else merged.Add(range);
        }

        return new SequenceSet([.. merged]);
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (first, last) in _ranges)
        {
            if (text.Length > 0) text.Append(',');
            text.Append(CultureInfo.InvariantCulture, $"{first}");
            if (last != first) text.Append(CultureInfo.InvariantCulture, $"-{last}");
        }

        return text.ToString();
    }

    public bool Equals(SequenceSet? other) => other is not null && _ranges.AsSpan().SequenceEqual(other._ranges);

    public override bool Equals(object? obj) => Equals(obj as SequenceSet);

    public override int GetHashCode() => HashCode.Combine(_ranges.Length, Max);

    private static (int First, int Last) ParseRange(string text)
    {
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        if (dash < 0) dash = text.Length;
        var first = int.Parse(text.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture);
        return (first, dash == text.Length ? first : int.Parse(text.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture));
    }
}
