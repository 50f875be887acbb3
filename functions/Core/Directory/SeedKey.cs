namespace ClickToDial.Core.Directory;

/// <param name="Key">As a client presents it: <c>ctd_&lt;id&gt;_&lt;secret&gt;</c>.</param>
/// <param name="Domain">The one domain it is for.</param>
/// <param name="Name">For people.</param>
/// <param name="AllowFrom">Networks it may be used from, in CIDR notation; all when absent.</param>
public sealed record SeedKey(string Key, string Domain, IReadOnlyList<string> Scopes, string? Name = null, IReadOnlyList<string>? AllowFrom = null);
