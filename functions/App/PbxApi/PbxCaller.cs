using ClickToDial.App.Access;
using ClickToDial.Core.Access;
using ClickToDial.Core.Directory;
using ClickToDial.Core.Problems;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.PbxApi;

/// <summary>Who asks: an API key in the header <c>token</c>.</summary>
/// <param name="Principal">Whose key it is.</param>
/// <param name="View">The directory.</param>
public sealed record PbxCaller(Principal Principal, DirectoryView View)
{
    public const string TokenHeader = "token";

    public DomainView Domain => View.Domains[Principal.Domain];

    public static async Task<Result<PbxCaller>> AuthorizeAsync(
        Authorizer authorizer, IDirectoryReader directory, HttpRequest request, ApiScopes scope, CancellationToken stop)
    {
        var principal = await authorizer.AuthorizeKeyAsync(request, TokenHeader, scope, stop);
        return principal.IsOk ? new PbxCaller(principal.Value, await directory.GetAsync(stop)) : principal.Problem;
    }

    /// <summary>The user's name for people.</summary>
    public string? DisplayName(string user) =>
        View.Snapshot.Domains.FirstOrDefault(d => d.Name == Principal.Domain)?.Users.FirstOrDefault(u => u.Name == user)?.DisplayName;

    /// <summary>Users by extension or by name for people; who is neither may be a user of another PBX.</summary>
    public IReadOnlyList<string> Users(IReadOnlyList<string> names)
    {
        var users = View.Snapshot.Domains.FirstOrDefault(d => d.Name == Principal.Domain)?.Users ?? [];
        return
        [
            .. names.Select(n => users.FirstOrDefault(u => u.Name == n || string.Equals(u.DisplayName, n, StringComparison.OrdinalIgnoreCase))?.Name ?? n).Distinct(StringComparer.Ordinal),
        ];
    }
}
