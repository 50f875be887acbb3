using System.Text.Json;
using System.Text.Json.Nodes;
using ClickToDial.Core.Problems;

namespace ClickToDial.Core.Json;

/// <summary>A request body as a whole object, for what has no fixed members: data of forms and scripts.</summary>
public static class JsonBody
{
    /// <summary>How deep values may be nested.</summary>
    public const int MaxDepth = 32;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    /// <summary>The object, every text of which can be read.</summary>
    public static Result<JsonObject> Parse(ReadOnlySpan<byte> utf8)
    {
        try
        {
            if (JsonNode.Parse(utf8, null, Strict) is not JsonObject whole) return KnownProblems.InvalidJson;
            Touch(whole);
            return whole;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            return KnownProblems.InvalidJson;
        }
    }

    public static string? Text(JsonNode? node) => node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    public static int? Number(JsonNode? node) =>
        node is JsonValue value && value.GetValueKind() == JsonValueKind.Number && value.TryGetValue<int>(out var number) ? number : null;

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
