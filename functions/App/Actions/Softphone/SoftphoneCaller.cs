using System.Text.Json.Nodes;
using ClickToDial.App.Access;
using ClickToDial.App.Hosting;
using ClickToDial.Core.Access;
using ClickToDial.Core.Actions.Chains;
using ClickToDial.Core.Directory;
using ClickToDial.Core.Json;
using ClickToDial.Core.Problems;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Actions.Softphone;

/// <summary>Which agent a phone's request is from: the session token's user, or the one that an API key names.</summary>
public sealed class SoftphoneCaller(Authorizer authorizer, IDirectoryReader directory)
{
    /// <summary>Of a body, in bytes: data and selected rows.</summary>
    private const int BodyLimit = 256 * 1024;

    public async Task<Result<string>> DomainAsync(HttpRequest request, CancellationToken stop)
    {
        var principal = await authorizer.AuthorizeAsync(request, ApiScopes.CallsRead, stop);
        return principal.IsOk ? principal.Value.Domain : principal.Problem;
    }

    public async Task<Result<SoftphoneRequest>> ReadAsync(HttpRequest request, CancellationToken stop)
    {
        var principal = await authorizer.AuthorizeAsync(request, ApiScopes.CallsWrite, stop);
        if (!principal.IsOk) return principal.Problem;
        // A chain's calls are the domain's: it would call for the token where the token may not.
        if (principal.Value.Token?.Destinations is not null) return KnownProblems.TokenRestricted;
        var body = await RequestBody.ReadJsonAsync(request, stop, BodyLimit);
        if (!body.IsOk) return body.Problem;
        var json = JsonBody.Parse(body.Value);
        if (!json.IsOk) return json.Problem;
        var named = JsonBody.Text(json.Value["user"]);
        if (principal.Value.OnlyUser is { } own && named is not null && named != own) return KnownProblems.TokenUserDiffers with { Field = "user" };
        if ((principal.Value.OnlyUser ?? named) is not { } user) return KnownProblems.FieldMissing with { Field = "user" };
        var view = await directory.GetAsync(stop);
        if (!view.Domains[principal.Value.Domain].Users.ContainsKey(user)) return KnownProblems.UserUnknown with { Field = "user" };
        return new SoftphoneRequest(principal.Value.Domain, user, json.Value, ChainToken.Of(principal.Value));
    }
}
