using System.Text.Json.Serialization;

namespace ClickToDial.App.OpenApi;

/// <summary>A body as it is described. It is read member by member, not into this.</summary>
public sealed record ButtonBody(
    [property: JsonRequired] string Label,
    string? Icon,
    string? Tooltip,
    string? Type,
    string? Placement,
    [property: JsonPropertyName("min_select")] int? MinSelect,
    [property: JsonPropertyName("max_select")] int? MaxSelect,
    [property: JsonPropertyName("sandbox_id")] string? SandboxId,
    string? Fn,
    [property: JsonPropertyName("form_id")] string? FormId,
    [property: JsonPropertyName("sort_order")] int? SortOrder,
    bool? Supersedes,
    int? Version);
