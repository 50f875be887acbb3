using System.Text.Json.Serialization;

namespace ClickToDial.App.OpenApi;

/// <summary>An answer as it is described: a script.</summary>
public sealed record ScriptAnswer(
    string Id, string? Name, string Source, int? Version, [property: JsonPropertyName("changed_at")] DateTimeOffset? ChangedAt);
