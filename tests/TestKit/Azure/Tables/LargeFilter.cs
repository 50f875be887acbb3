using System.Text.RegularExpressions;

namespace ClickToDial.TestKit.Azure.Tables;

/// <summary>A <c>$filter</c> of comparisons of the two keys with texts, joined by <c>and</c>; there are no others here.</summary>
internal sealed partial class LargeFilter
{
    private const string Partition = "PartitionKey";
    private readonly List<(string Key, string Comparison, string Value)> _all = [];

    private LargeFilter()
    {
    }

    /// <summary>No row before this one can match.</summary>
    public LargeKey First => Of(Partition, "eq") is { } only
        ? new LargeKey(only, Largest("RowKey"))
        : new LargeKey(Largest(Partition), "");

    /// <exception cref="NotSupportedException">It is of another form.</exception>
    public static LargeFilter Parse(string? text)
    {
        var filter = new LargeFilter();
        for (var at = 0; at < text?.Length;)
        {
            var found = Comparison().Match(text, at);
            if (!found.Success) throw new NotSupportedException($"This filter is not one of keys joined by 'and': {text}");
            filter._all.Add((found.Groups["key"].Value, found.Groups["how"].Value, found.Groups["text"].Value.Replace("''", "'", StringComparison.Ordinal)));
            at += found.Length;
        }

        return filter;
    }

    public bool Matches(LargeKey key) => _all.TrueForAll(c => Holds(c.Comparison, string.CompareOrdinal(c.Key == Partition ? key.Partition : key.Row, c.Value)));

    /// <summary>Whether neither this row nor any after it can match.</summary>
    public bool IsBehind(LargeKey key)
    {
        if (Of(Partition, "eq") is not { } only) return _all.Exists(c => c.Key == Partition && IsOver(c.Comparison, string.CompareOrdinal(key.Partition, c.Value)));
        var order = string.CompareOrdinal(key.Partition, only);
        return order > 0 || (order == 0 && _all.Exists(c => c.Key != Partition && IsOver(c.Comparison, string.CompareOrdinal(key.Row, c.Value))));
    }

    private string? Of(string key, string how) => _all.Find(c => c.Key == key && c.Comparison == how).Value;

    // What comes right after a text is the same text with one character more.
    private string Largest(string key) =>
        _all.Where(c => c.Key == key && c.Comparison is "eq" or "gt" or "ge").Select(c => c.Comparison == "gt" ? c.Value + '\0' : c.Value).Max(StringComparer.Ordinal) ?? "";

    private static bool IsOver(string how, int order) => (how is "eq" or "le" && order > 0) || (how == "lt" && order >= 0);

    private static bool Holds(string how, int order) => how switch
    {
        "eq" => order == 0,
        "ne" => order != 0,
        "gt" => order > 0,
        "ge" => order >= 0,
        "lt" => order < 0,
        _ => order <= 0,
    };

    [GeneratedRegex(@"\G(?<first>^| and )(?<key>PartitionKey|RowKey) (?<how>eq|ne|gt|ge|lt|le) '(?<text>(?:[^']|'')*)'(?=$| and )", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Comparison();
}
