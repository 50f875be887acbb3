using System.Text.Json;
using System.Text.Json.Nodes;

namespace ClickToDial.Calls.Hooks;

/// <summary>What back ends answer, read without trusting it.</summary>
internal static class HookJson
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 16, AllowDuplicateProperties = false };

    /// <summary>An object all of whose texts can be read, or null. An empty body is an empty object.</summary>
    public static JsonObject? TryParse(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Trim(" \r\n\t"u8).IsEmpty) return [];
        try
        {
            if (JsonNode.Parse(utf8, null, Strict) is not JsonObject whole) return null;
            Touch(whole);
            return whole;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }

    public static string? Text(JsonNode? node) => node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    public static int? Number(JsonNode? node) =>
        node is JsonValue value && value.GetValueKind() == JsonValueKind.Number && value.TryGetValue<int>(out var number) ? number : null;

    /// <summary>A time of at least a second; null where there is none.</summary>
    public static TimeSpan? Seconds(JsonNode? node) => Number(node) is > 0 and var seconds ? TimeSpan.FromSeconds(seconds) : null;

    // An escaped lone surrogate is valid JSON grammar but no text, and is met only when it is read.
    private static void Touch(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (_, member) in members) Touch(member);
                break;
            case JsonArray items:
                foreach (var item in items) Touch(item);
                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                _ = value.GetValue<string>();
                break;
        }
    }
}
