using System.Globalization;
using System.Text;
using ClickToDial.Core.Csv;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Hosting;

/// <summary>Lists as comma-separated values, for spreadsheets.</summary>
public static class CsvAnswer
{
    /// <summary>Largest page: what a spreadsheet is fetched for is mostly a whole month.</summary>
    public const int MaxRows = 10_000;

    /// <summary>Cursor of the next page, since a table has no place for it.</summary>
    public const string NextHeader = "Next-Cursor";

    public static bool IsWanted(HttpRequest request) =>
        request.Query["format"] == "csv"
        || (request.Query["format"].Count == 0 && request.Headers.Accept.ToString().StartsWith("text/csv", StringComparison.OrdinalIgnoreCase));

    public static IResult Of(HttpRequest request, IReadOnlyList<string> columns, IEnumerable<IEnumerable<string?>> rows, string? next)
    {
        var text = CsvText.Line(new StringBuilder(), columns);
        foreach (var row in rows) CsvText.Line(text, row);
        var headers = request.HttpContext.Response.Headers;
        if (next is not null) headers[NextHeader] = next;
        headers.ContentDisposition = "attachment; filename=\"export.csv\"";
        return Results.Text(text.ToString(), "text/csv; charset=utf-8");
    }

    public static string? Text(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    public static string? Text(double? number) => number?.ToString("0.###", CultureInfo.InvariantCulture);
}
