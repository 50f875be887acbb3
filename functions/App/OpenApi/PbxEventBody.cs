using System.Text.Json.Serialization;

namespace ClickToDial.App.OpenApi;

/// <summary>An event of a PBX; other members depend on its type.</summary>
public sealed record PbxEventBody(
    string? Type,
    [property: JsonPropertyName("unique_call_id")] string? UniqueCallId,
    [property: JsonPropertyName("caller_id")] string? CallerId,
    [property: JsonPropertyName("user_number")] string? UserNumber,
    [property: JsonPropertyName("dest_number")] string? DestNumber,
    [property: JsonPropertyName("call_start_at")] string? CallStartAt);
