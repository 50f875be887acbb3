using Microsoft.Extensions.Configuration;

namespace ClickToDial.App.Hosting.Secrets;

/// <summary>
/// Settings that should have been a secret of a vault. App Service hands on a reference that it cannot resolve as its own text, which is
/// made of names that anybody may know and would be as good a token as any.
/// </summary>
internal static class UnresolvedReferences
{
    private const string Beginning = "@Microsoft.KeyVault(";

    public static HashSet<string> In(IConfiguration settings) => settings.AsEnumerable()
        .Where(p => p.Value?.AsSpan().TrimStart().StartsWith(Beginning, StringComparison.OrdinalIgnoreCase) is true)
        .Select(p => p.Key).ToHashSet(StringComparer.OrdinalIgnoreCase);
}
