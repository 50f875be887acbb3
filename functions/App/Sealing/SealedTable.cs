using Azure.Data.Tables;

namespace ClickToDial.App.Sealing;

/// <summary>A table whose rows hold sealed values.</summary>
/// <param name="Partition">The only partition that has such rows; null for all.</param>
public sealed record SealedTable(string Name, IReadOnlyList<SealedColumn> Columns, string? Partition = null)
{
    /// <summary>Columns that name keys, each once.</summary>
    public IReadOnlyList<string> KeyColumns { get; } = [.. Columns.Select(c => c.KeyColumn).Distinct(StringComparer.Ordinal)];

    /// <summary>The id of another key than this one that something in the row is sealed with; null where there is none.</summary>
    public string? OtherKey(TableEntity row, string key) =>
        KeyColumns.Select(column => row.TryGetValue(column, out var id) ? id?.ToString() : null).FirstOrDefault(id => id is not null && id != key);
}
