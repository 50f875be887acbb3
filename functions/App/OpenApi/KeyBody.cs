using System.Text.Json.Serialization;

namespace ClickToDial.App.OpenApi;

/// <summary>A body as it is described. It is read member by member, not into this.</summary>
public sealed record KeyBody(
    [property: JsonRequired] string Name, [property: JsonRequired] IReadOnlyList<string> Scopes, IReadOnlyList<string>? AllowFrom, DateTimeOffset? ExpiresAt,
    int? RequestsPerMinute);
