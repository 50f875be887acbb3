namespace ClickToDial.TestKit.Azure.Tables;

/// <summary>
/// Rows in order of their keys, read as the table service reads them: found by their keys, given in pages, more on request. Nothing is
/// kept for a row: its key and its columns are made when somebody reads it.
/// </summary>
/// <param name="count">Rows in all.</param>
/// <param name="keyAt">By their places, from 0 to one below the count; in order, none twice, which nobody looks after here.</param>
/// <param name="columns">Of a row, but for its keys: texts, numbers, booleans and times.</param>
public sealed class LargeTable(int count, Func<int, LargeKey> keyAt, Func<LargeKey, IReadOnlyDictionary<string, object>> columns)
{
    /// <summary>Rows in one answer, at most.</summary>
    private const int LargestPage = 1000;

    public int Count => count;

    public LargeKey KeyAt(int place) => keyAt(place);

    public IReadOnlyDictionary<string, object> ColumnsOf(LargeKey key) => columns(key);

    /// <param name="from">Where the page before has ended, or null.</param>
    internal Page Read(LargeFilter filter, int? top, LargeKey? from)
    {
        var most = Math.Clamp(top ?? LargestPage, 1, LargestPage);
        var first = filter.First is var low && from is { } next && LargeKey.Order.Compare(next, low) > 0 ? next : low;
        var (rows, looked) = (new List<LargeKey>(most), 0);
        for (var i = At(first); i < count && keyAt(i) is var key && !filter.IsBehind(key); i++)
        {
            if (rows.Count == most) return new Page(rows, looked, key);
            looked++;
            if (filter.Matches(key)) rows.Add(key);
        }

        return new Page(rows, looked, null);
    }

    // The first row that is not before that key.
    private int At(LargeKey first)
    {
        var (low, high) = (0, count);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (LargeKey.Order.Compare(keyAt(middle), first) < 0) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    /// <param name="Looked">Rows that had to be looked at for it.</param>
    /// <param name="Next">Where to go on, or null.</param>
    internal sealed record Page(IReadOnlyList<LargeKey> Rows, int Looked, LargeKey? Next);
}
