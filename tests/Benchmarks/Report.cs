using System.Globalization;
using System.Text.Json;

namespace ClickToDial.Benchmarks;

/// <summary>One figure of ours, beside a peer's from the same run where there is one.</summary>
internal sealed record BenchFigure(string Metric, double Value, string Unit, string? Peer = null, double? PeerValue = null, double? Ratio = null)
{
    public static BenchFigure Beside(string metric, double value, string unit, string peer, double? peerValue) =>
        new(metric, value, unit, peer, peerValue, peerValue is > 0 ? Math.Round(value / peerValue.Value, 3) : null);
}

internal static class Report
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static async Task WriteJsonAsync(string file, IReadOnlyList<BenchFigure> figures) =>
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(figures, Json) + "\n");

    /// <summary>Prints a table; the first column to the left, the others to the right.</summary>
    public static void Print(IReadOnlyList<string[]> rows)
    {
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
        {
            var cells = row.Select((cell, i) => i == 0 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i]));
            Console.WriteLine("  " + string.Join("  ", cells));
        }
    }

    public static string Number(double? value, int decimals = 1) =>
        value is { } number ? number.ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) : "-";

    public static string? Option(string[] args, string name)
    {
        var index = Array.IndexOf(args, name);
        return index >= 0 && index + 1 < args.Length ? args[index + 1] : null;
    }

    public static int Option(string[] args, string name, int otherwise) =>
        int.TryParse(Option(args, name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : otherwise;
}
