using Azure.Data.Tables;
using ClickToDial.App.Hosting;

namespace ClickToDial.App.Adapters;

/// <summary>
/// Reads rows of a partition newest first: those of one list, or of several merged into one. A row's key is the list's prefix and then
/// its position, which begins with the inverted time; so a position is the same in every list.
/// </summary>
internal sealed class RangeReader(TableClient table, AppMetrics metrics)
{
    /// <summary>Rows in one answer of the service, at most.</summary>
    public const int LargestPage = 1000;

    /// <param name="From">Earliest, inclusive.</param>
    /// <param name="To">Latest, exclusive.</param>
    /// <param name="After">Position to go on after, or null.</param>
    public sealed record Range(string Partition, IReadOnlyList<string> Prefixes, DateTimeOffset? From, DateTimeOffset? To, string? After);

    /// <param name="wanted">How many rows will be taken, as far as is known: no more than that are read from each list at once.</param>
    public Merged Open(Range range, int wanted, IEnumerable<string>? select = null) =>
        new([.. range.Prefixes.Select(p => new One(table, metrics, range, p, Math.Clamp(wanted, 1, LargestPage), select))]);

    public static string Filter(Range range, string prefix)
    {
        var first = range.To is { } to ? CallKeys.After(prefix, to) : prefix;
        if (range.After is { } after && string.CompareOrdinal(prefix + after, first) > 0) first = prefix + after;
        // "}" follows "|", with which every prefix ends.
        var last = range.From is { } from ? CallKeys.After(prefix, from) : prefix[..^1] + "}";
        return TableClient.CreateQueryFilter($"PartitionKey eq {range.Partition} and RowKey gt {first} and RowKey lt {last}");
    }

    /// <summary>The lists as one.</summary>
    public sealed class Merged(IReadOnlyList<One> lists)
    {
        /// <summary>The next row and its position; null at the end.</summary>
        public async Task<(string Position, TableEntity Row)?> NextAsync(CancellationToken stop)
        {
            One? first = null;
            foreach (var list in lists)
                if (await list.PeekAsync(stop) is { } position && (first is null || string.CompareOrdinal(position, first.Peeked) < 0)) first = list;
            return first?.Take();
        }

        /// <summary>Whether rows are left, or may be: no storage is asked for it.</summary>
        public bool MayHaveMore => lists.Any(l => l.MayHaveMore);
    }

    public sealed class One(TableClient table, AppMetrics metrics, Range range, string prefix, int pageSize, IEnumerable<string>? select)
    {
        private readonly Queue<TableEntity> _rows = new();
        private string? _continuation;
        private bool _begun;

        public bool MayHaveMore => _rows.Count > 0 || !_begun || _continuation is not null;

        public string? Peeked => _rows.TryPeek(out var row) ? row.RowKey[prefix.Length..] : null;

        public async Task<string?> PeekAsync(CancellationToken stop)
        {
            while (_rows.Count == 0 && (!_begun || _continuation is not null)) await FetchAsync(stop);
            return Peeked;
        }

        public (string Position, TableEntity Row) Take() => (Peeked!, _rows.Dequeue());

        private async Task FetchAsync(CancellationToken stop)
        {
            var pages = table.QueryAsync<TableEntity>(Filter(range, prefix), pageSize, select, stop).AsPages(_continuation, pageSize);
            await using var page = pages.GetAsyncEnumerator(stop);
            _begun = true;
            if (!await page.MoveNextAsync())
            {
                _continuation = null;
                return;
            }

            foreach (var row in page.Current.Values) _rows.Enqueue(row);
            metrics.RowsRead(page.Current.Values.Count);
            _continuation = page.Current.ContinuationToken;
        }
    }
}
