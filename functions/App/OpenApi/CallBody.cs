using System.Text.Json.Serialization;

namespace ClickToDial.App.OpenApi;

/// <summary>A body as it is described. It is read member by member, not into this.</summary>
public sealed record CallBody(
    string? User, [property: JsonRequired] string Destination, string? CallerId, bool? Prompt, int? RingTimeoutSeconds, string? Domain, bool? AutoAnswer = null);
