namespace ClickToDial.TestKit.Azure.Tables;

/// <summary>
/// Rows in memory, in order of their keys, read as the table service reads them: found by their keys, given in pages, more on
/// request. Only keys are kept for each row; its columns are made when somebody reads it.
/// </summary>
public sealed class LargeTable
{
    /// <summary>Rows in one answer, at most.</summary>
    private const int LargestPage = 1000;

    private readonly LargeKey[] _keys;
    private readonly Func<LargeKey, IReadOnlyDictionary<string, object>> _columns;

    /// <param name="keys">In order, none twice.</param>
    /// <param name="columns">Of a row, but for its keys: texts, numbers, booleans and times.</param>
    /// <exception cref="ArgumentException">Keys are out of order.</exception>
    public LargeTable(IEnumerable<LargeKey> keys, Func<LargeKey, IReadOnlyDictionary<string, object>> columns)
    {
        _keys = [.. keys];
        _columns = columns;
        for (var i = 1; i < _keys.Length; i++)
            if (LargeKey.Order.Compare(_keys[i - 1], _keys[i]) >= 0) throw new ArgumentException($"{_keys[i]} comes after {_keys[i - 1]}.", nameof(keys));
    }

    public int Count => _keys.Length;

    public IReadOnlyDictionary<string, object> ColumnsOf(LargeKey key) => _columns(key);

    /// <param name="from">Where the page before has ended, or null.</param>
    internal Page Read(LargeFilter filter, int? top, LargeKey? from)
    {
        var most = Math.Clamp(top ?? LargestPage, 1, LargestPage);
        var first = filter.First is var low && from is { } next && LargeKey.Order.Compare(next, low) > 0 ? next : low;
        var (rows, looked) = (new List<LargeKey>(most), 0);
        for (var i = At(first); i < _keys.Length && !filter.IsBehind(_keys[i]); i++)
        {
            if (rows.Count == most) return new Page(rows, looked, _keys[i]);
            looked++;
            if (filter.Matches(_keys[i])) rows.Add(_keys[i]);
        }

        return new Page(rows, looked, null);
    }

    private int At(LargeKey first) => Array.BinarySearch(_keys, first, LargeKey.Order) is var found && found < 0 ? ~found : found;

    /// <param name="Looked">Rows that had to be looked at for it.</param>
    /// <param name="Next">Where to go on, or null.</param>
    internal sealed record Page(IReadOnlyList<LargeKey> Rows, int Looked, LargeKey? Next);
}
