using Azure.Data.Tables;

namespace ClickToDial.EmbeddedHost.Durable.Storage;

/// <summary>
/// A text of any length as table rows: split over the properties of a row, and over further rows when it is longer. A row
/// holds 1 MiB and a property 64 KiB of UTF-16.
/// </summary>
internal static class ChunkedText
{
    private const int CharsInProperty = 32_000;
    private const int PropertiesInRow = 12;
    private const int CharsInRow = CharsInProperty * PropertiesInRow;
    private const int PartSuffix = 5;
    private const string Parts = "Parts";

    /// <param name="key">Row key without the part's number.</param>
    public static List<TableEntity> Write(string partition, string key, string text)
    {
        var parts = Math.Max(1, (text.Length + CharsInRow - 1) / CharsInRow);
        var rows = new List<TableEntity>(parts);
        for (var part = 0; part < parts; part++)
        {
            var row = new TableEntity(partition, $"{key}-{part:x4}");
            if (part == 0) row[Parts] = parts;
            AddChunks(row, text.AsSpan(part * CharsInRow, Math.Min(CharsInRow, text.Length - (part * CharsInRow))));
            rows.Add(row);
        }
        return rows;
    }

    /// <summary>Texts in the order of their keys; those whose parts are not all there are left out.</summary>
    /// <param name="rows">In the order of their keys.</param>
    public static IEnumerable<(string Text, IReadOnlyList<string> Rows)> Read(IEnumerable<TableEntity> rows)
    {
        foreach (var group in rows.GroupBy(row => row.RowKey[..^PartSuffix]))
        {
            var parts = group.ToList();
            // Parts of a longer text under the same key, left by a commit that did not finish, come last and are not read.
            if (parts[0].GetInt32(Parts) is not { } count || parts.Count < count) continue;
            yield return (string.Concat(parts.Take(count).SelectMany(Chunks)), [.. parts.Select(p => p.RowKey)]);
        }
    }

    /// <summary>Weight of a row within a transaction, in characters.</summary>
    public static int Length(TableEntity row) => Chunks(row).Sum(chunk => chunk.Length);

    private static void AddChunks(TableEntity row, ReadOnlySpan<char> text)
    {
        for (var i = 0; text.Length > 0; i++)
        {
            var length = Math.Min(CharsInProperty, text.Length);
            row[Property(i)] = text[..length].ToString();
            text = text[length..];
        }
    }

    private static IEnumerable<string> Chunks(TableEntity row)
    {
        for (var i = 0; row.GetString(Property(i)) is { } chunk; i++) yield return chunk;
    }

    private static string Property(int index) => $"T{index:x}";
}
