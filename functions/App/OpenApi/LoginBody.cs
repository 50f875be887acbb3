using System.Text.Json.Serialization;

namespace ClickToDial.App.OpenApi;

/// <summary>A body as it is described. It is read member by member, not into this.</summary>
public sealed record LoginBody([property: JsonRequired] string Name, string? Username, string? Domain, bool? Admin, string? Value);
