namespace ClickToDial.Core.Directory;

/// <summary>The key a client presents is <c>ctd_&lt;id&gt;_&lt;secret&gt;</c>.</summary>
public sealed record SeedKey(string Id, string Secret, IReadOnlyList<string> Scopes);
