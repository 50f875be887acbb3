using System.Text;

namespace ClickToDial.Core.Csv;

/// <summary>
/// Comma-separated values (RFC 4180) that are safe to open in a spreadsheet: a cell that a spreadsheet would take for a formula begins
/// with an apostrophe.
/// </summary>
public static class CsvText
{
    // Also those that some spreadsheets fold to the ASCII ones.
    private static readonly System.Buffers.SearchValues<char> Formula = System.Buffers.SearchValues.Create("=+-@\t\r\n＝＋－＠");

    public static string Cell(string? value)
    {
        if (string.IsNullOrEmpty(value)) return "";
        var start = value.AsSpan().TrimStart(' ');
        var text = start.Length > 0 && Formula.Contains(start[0]) ? "'" + value : value;
        return text.AsSpan().ContainsAny(",\"\r\n;") ? $"\"{text.Replace("\"", "\"\"")}\"" : text;
    }

    public static StringBuilder Line(StringBuilder text, params IEnumerable<string?> cells) => text.AppendJoin(',', cells.Select(Cell)).Append("\r\n");
}
