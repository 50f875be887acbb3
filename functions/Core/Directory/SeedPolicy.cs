namespace ClickToDial.Core.Directory;

/// <summary>Null members take the default, see <see cref="Destinations.DestinationPolicy"/>.</summary>
public sealed record SeedPolicy(
    IReadOnlyList<string>? Allow = null,
    IReadOnlyList<string>? Deny = null,
    int? CallsPerMinutePerUser = null,
    int? MaxCallSeconds = null,
    bool? RecordCalls = null);
