namespace ClickToDial.App.OpenApi;

/// <summary>A body as it is described. It is read member by member, not into this.</summary>
public sealed record SessionBody(
    string? User, string? Domain, IReadOnlyList<string>? Destinations, string? Origin, int? LifetimeSeconds, int? Calls);
