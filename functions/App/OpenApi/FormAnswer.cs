using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace ClickToDial.App.OpenApi;

/// <summary>An answer as it is described: a form with its fields. Version and time of change are for those who build.</summary>
public sealed record FormAnswer(
    string Id,
    string Name,
    [property: JsonPropertyName("sandbox_id")] string? SandboxId,
    string? Fn,
    IReadOnlyList<JsonObject> FormSchema,
    int? Version,
    [property: JsonPropertyName("changed_at")] DateTimeOffset? ChangedAt);
