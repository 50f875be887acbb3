namespace ClickToDial.Core.Directory;

/// <param name="Key">As a client presents it: <c>ctd_&lt;id&gt;_&lt;secret&gt;</c>.</param>
/// <param name="Domain">The one domain it is for.</param>
public sealed record SeedKey(string Key, string Domain, IReadOnlyList<string> Scopes);
