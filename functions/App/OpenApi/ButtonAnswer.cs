using System.Text.Json.Serialization;

namespace ClickToDial.App.OpenApi;

/// <summary>An answer as it is described: a button. Version and time of change are for those who build.</summary>
public sealed record ButtonAnswer(
    string Id,
    [property: JsonPropertyName("account_id")] string AccountId,
    string Label,
    string? Icon,
    string? Tooltip,
    string? Type,
    string? Placement,
    [property: JsonPropertyName("min_select")] int MinSelect,
    [property: JsonPropertyName("max_select")] int? MaxSelect,
    [property: JsonPropertyName("sandbox_id")] string? SandboxId,
    string? Fn,
    [property: JsonPropertyName("form_id")] string? FormId,
    [property: JsonPropertyName("sort_order")] int SortOrder,
    bool Supersedes,
    int? Version,
    [property: JsonPropertyName("changed_at")] DateTimeOffset? ChangedAt);
