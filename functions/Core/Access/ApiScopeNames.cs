namespace ClickToDial.Core.Access;

/// <summary>Scopes as they are written in seed files and tables.</summary>
public static class ApiScopeNames
{
    private static readonly Dictionary<string, ApiScopes> ByName = new(StringComparer.Ordinal)
    {
        ["calls:write"] = ApiScopes.CallsWrite,
        ["calls:read"] = ApiScopes.CallsRead,
        ["sessions"] = ApiScopes.Sessions,
        ["webhooks"] = ApiScopes.Webhooks,
        ["admin"] = ApiScopes.Admin,
        ["buttons"] = ApiScopes.Buttons,
    };

    public static IReadOnlyCollection<string> All => ByName.Keys;

    public static IReadOnlyList<string> Of(ApiScopes scopes) => [.. ByName.Where(p => scopes.HasFlag(p.Value)).Select(p => p.Key)];

    public static bool TryParse(string name, out ApiScopes scope) => ByName.TryGetValue(name, out scope);
}
