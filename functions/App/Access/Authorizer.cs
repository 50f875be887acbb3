using ClickToDial.Core.Access;
using ClickToDial.Core.Directory;
using ClickToDial.Core.Problems;
using ClickToDial.Core.Sessions;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Access;

/// <summary>Finds out who asks: by <c>X-Api-Key</c>, or by a session token in <c>Authorization: Bearer</c>.</summary>
public sealed class Authorizer(
    IDirectoryReader directory, SessionTokenValidator tokens, ClientAddresses addresses, KeyRates rates, KeyUses uses, TimeProvider time)
{
    public const string ApiKeyHeader = "X-Api-Key";
    private const string BearerPrefix = "Bearer ";

    public async Task<Result<Principal>> AuthorizeAsync(HttpRequest request, ApiScopes scope, CancellationToken stop)
    {
        var view = await directory.GetAsync(stop);
        var found = Identify(request, view);
        if (!found.IsOk) return found;
        if (!view.Domains.TryGetValue(found.Value.Domain, out var domain)) return KnownProblems.DomainNotAllowed;
        CorsHeaders.Narrow(request.HttpContext, domain);
        return found.Value.Scopes.HasFlag(scope) ? found : KnownProblems.ScopeMissing;
    }

    /// <summary>For APIs of other products, whose keys come in a header of another name.</summary>
    public Task<Result<Principal>> AuthorizeKeyAsync(HttpRequest request, string header, ApiScopes scope, CancellationToken stop) =>
        AuthorizePresentedAsync(request, request.Headers[header], scope, stop);

    /// <summary>For an API key that was found elsewhere in the request.</summary>
    public async Task<Result<Principal>> AuthorizePresentedAsync(HttpRequest request, string? key, ApiScopes scope, CancellationToken stop)
    {
        var view = await directory.GetAsync(stop);
        var found = ByKey(request, key, view);
        if (!found.IsOk) return found;
        if (!view.Domains.ContainsKey(found.Value.Domain)) return KnownProblems.DomainNotAllowed;
        return found.Value.Scopes.HasFlag(scope) ? found : KnownProblems.ScopeMissing;
    }

    /// <summary>The token of <c>Authorization: Bearer</c>, or null.</summary>
    public static string? BearerToken(HttpRequest request) =>
        request.Headers.Authorization is [{ } value] && value.StartsWith(BearerPrefix, StringComparison.OrdinalIgnoreCase)
            ? value[BearerPrefix.Length..].Trim()
            : null;

    private Result<Principal> Identify(HttpRequest request, DirectoryView view)
    {
        var hasKey = request.Headers.ContainsKey(ApiKeyHeader);
        if (hasKey && request.Headers.Authorization.Count > 0) return KnownProblems.CredentialsAmbiguous;
        if (hasKey) return ByKey(request, request.Headers[ApiKeyHeader], view);
        return BearerToken(request) is { } token ? ByToken(request, token) : KnownProblems.CredentialsMissing;
    }

    /// <summary>What is wrong with a key is said only to whoever has proved it.</summary>
    private Result<Principal> ByKey(HttpRequest request, string? presented, DirectoryView view)
    {
        if (!ApiKey.TryParse(presented, out var key) || !view.Keys.TryGetValue(key.Id, out var record)) return KnownProblems.ApiKeyInvalid;
        if (!key.Proves(record.SecretHash) || !record.Enabled) return KnownProblems.ApiKeyInvalid;
        if (!record.Networks.IsEmpty && (addresses.Of(request) is not { } from || !record.Networks.Contains(from))) return KnownProblems.AddressNotAllowed;
        if (record.ExpiresAt <= time.GetUtcNow()) return KnownProblems.ApiKeyExpired;
        if (rates.Count(record, request.HttpContext.Response) is { } tooMany) return tooMany;
        uses.Note(record);
        return Principal.Of(record);
    }

    private Result<Principal> ByToken(HttpRequest request, string token)
    {
        var (verdict, claims) = tokens.Validate(token, time.GetUtcNow());
        if (SessionPolicy.ToProblem(verdict) is { } problem) return problem;
        return SessionPolicy.CheckOrigin(claims!, request.Headers.Origin) is { } wrong ? wrong : Principal.Of(claims!, addresses.Of(request));
    }
}
