namespace ClickToDial.Core.Access;

/// <param name="SecretHash">See <see cref="ApiKey.HashOf"/>.</param>
/// <param name="Domain">The one domain the key is for.</param>
/// <param name="Name">For people.</param>
/// <param name="AllowFrom">Networks it may be used from, in CIDR notation; empty for all.</param>
/// <param name="ExpiresAt">From then on it is refused; null for never.</param>
/// <param name="RequestsPerMinute">Null for the app's own limit.</param>
public sealed record ApiKeyRecord(
    string Id,
    string Domain,
    string SecretHash,
    ApiScopes Scopes,
    bool Enabled,
    string? Name = null,
    IReadOnlyList<string>? AllowFrom = null,
    DateTimeOffset? CreatedAt = null,
    DateTimeOffset? ExpiresAt = null,
    int? RequestsPerMinute = null)
{
    /// <summary>Of <see cref="AllowFrom"/>.</summary>
    public AddressRanges Networks { get; } = new(AllowFrom ?? []);
}
