using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace ClickToDial.App.OpenApi;

/// <summary>A body as it is described. It is read member by member, not into this.</summary>
public sealed record FormBody(
    [property: JsonRequired] string Name,
    [property: JsonRequired] IReadOnlyList<JsonObject> FormSchema,
    [property: JsonPropertyName("sandbox_id")] string? SandboxId,
    string? Fn,
    int? Version);
