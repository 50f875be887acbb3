using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.TestKit.Azure.Tables;

/// <summary>A page as the table service writes it, with minimal metadata, and what requests say of pages.</summary>
internal static class LargeAnswer
{
    private const string NextPartition = "NextPartitionKey";
    private const string NextRow = "NextRowKey";
    private const string ETag = "W/\"datetime'2024-01-01T00%3A00%3A00.0000000Z'\"";
    private static readonly DateTimeOffset Written = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static int? Top(HttpRequest request) =>
        int.TryParse(request.Query["$top"], NumberStyles.None, CultureInfo.InvariantCulture, out var top) ? top : null;

    public static LargeKey? From(HttpRequest request) =>
        request.Query.TryGetValue(NextPartition, out var partition) ? new LargeKey(Text(partition), Text(request.Query[NextRow])) : null;

    public static async Task WriteAsync(HttpContext http, LargeTable table, LargeTable.Page page)
    {
        var select = http.Request.Query["$select"].ToString() is { Length: > 0 } names ? names.Split(',').ToHashSet(StringComparer.Ordinal) : null;
        var body = new ArrayBufferWriter<byte>(64 * 1024);
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteStartArray("value");
            foreach (var key in page.Rows) Write(json, key, table.ColumnsOf(key), select);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        if (page.Next is { } next)
        {
            http.Response.Headers["x-ms-continuation-" + NextPartition] = Token(next.Partition);
            http.Response.Headers["x-ms-continuation-" + NextRow] = Token(next.Row);
        }

        http.Response.ContentType = "application/json;odata=minimalmetadata;streaming=true;charset=utf-8";
        http.Response.ContentLength = body.WrittenCount;
        await http.Response.Body.WriteAsync(body.WrittenMemory);
    }

    private static void Write(Utf8JsonWriter json, LargeKey key, IReadOnlyDictionary<string, object> columns, HashSet<string>? select)
    {
        json.WriteStartObject();
        json.WriteString("odata.etag", ETag);
        IEnumerable<KeyValuePair<string, object>> all = [new("PartitionKey", key.Partition), new("RowKey", key.Row), new("Timestamp", Written), .. columns];
        foreach (var (name, value) in all)
            if (select?.Contains(name) != false) Write(json, name, value);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, object value)
    {
        switch (value)
        {
            case string text: json.WriteString(name, text); break;
            case int number: json.WriteNumber(name, number); break;
            case bool yes: json.WriteBoolean(name, yes); break;
            case double number: Typed(json, name, "Edm.Double", number.ToString("R", CultureInfo.InvariantCulture)); break;
            case long number: Typed(json, name, "Edm.Int64", number.ToString(CultureInfo.InvariantCulture)); break;
            case DateTimeOffset time: Typed(json, name, "Edm.DateTime", time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)); break;
            default: throw new NotSupportedException($"Column {name} is a {value.GetType()}.");
        }
    }

    private static void Typed(Utf8JsonWriter json, string name, string type, string value)
    {
        json.WriteString(name + "@odata.type", type);
        json.WriteString(name, value);
    }

    // Nobody but this service reads them.
    private static string Token(string key) => Convert.ToHexString(Encoding.UTF8.GetBytes(key));

    private static string Text(string? token) => Encoding.UTF8.GetString(Convert.FromHexString(token ?? ""));
}
