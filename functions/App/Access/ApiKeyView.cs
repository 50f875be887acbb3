namespace ClickToDial.App.Access;

/// <summary>An API key without its secret.</summary>
/// <param name="AllowFrom">Networks it may be used from; empty for all.</param>
/// <param name="LastUsedAt">To the minute; absent when it was never used.</param>
/// <param name="Key">The key itself: only in the answer that made it.</param>
public sealed record ApiKeyView(
    string Id,
    string? Name,
    string Domain,
    IReadOnlyList<string> Scopes,
    IReadOnlyList<string> AllowFrom,
    DateTimeOffset? CreatedAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? LastUsedAt,
    int? RequestsPerMinute,
    bool Enabled,
    string? Key = null);
