using Azure.Data.Tables;
using ClickToDial.App.Adapters;
using ClickToDial.App.Directory;
using ClickToDial.Core;
using ClickToDial.Core.Access;
using ClickToDial.Core.Directory;
using ClickToDial.Core.Problems;

namespace ClickToDial.App.Access;

/// <summary>Makes, lists and deletes the API keys of a domain. Only the hash of a key's secret is kept.</summary>
public sealed class KeyDesk(StorageClients storage, IDirectoryReader directory, KeyUses uses, IRandomSource random, TimeProvider time)
{
    private const int IdLength = 12;
    private const int SecretLength = 43;
    private const string IdAlphabet = "abcdefghijklmnopqrstuvwxyz012345";
    private const string SecretAlphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    private readonly TableClient _table = storage.Tables.GetTableClient(TableNames.Keys);

    public async Task<Result<ApiKeyView>> CreateAsync(Principal principal, ReadOnlyMemory<byte> body, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        var request = NewKeyRequest.Read(body, now);
        if (!request.IsOk) return request.Problem;
        var (id, secret) = (Text(IdAlphabet, IdLength), Text(SecretAlphabet, SecretLength));
        var scopes = request.Value.Scopes.Aggregate(ApiScopes.None, (all, name) => ApiScopeNames.TryParse(name, out var scope) ? all | scope : all);
        var record = new ApiKeyRecord(
            id, principal.Domain, ApiKey.HashOf(secret), scopes, Enabled: true, request.Value.Name, request.Value.AllowFrom, now,
            request.Value.ExpiresAt, request.Value.RequestsPerMinute);
        await _table.AddEntityAsync(DirectoryEntities.Write(record), stop);
        await ChangedAsync(stop);
        return View(record, null) with { Key = $"{ApiKey.Prefix}{id}_{secret}" };
    }

    public async Task<ApiKeyListView> ListAsync(Principal principal, CancellationToken stop)
    {
        var used = await uses.OfAsync(principal.Domain, stop);
        var keys = (await directory.GetAsync(stop)).Keys.Values.Where(k => k.Domain == principal.Domain).OrderBy(k => k.Id, StringComparer.Ordinal);
        return new ApiKeyListView([.. keys.Select(k => View(k, used.TryGetValue(k.Id, out var at) ? at : null))]);
    }

    public async Task<Problem?> DeleteAsync(Principal principal, string id, CancellationToken stop)
    {
        if (!ApiKey.IsId(id)) return KnownProblems.ApiKeyUnknown;
        var found = await _table.GetEntityIfExistsAsync<TableEntity>(DirectoryEntities.Everything, id, cancellationToken: stop);
        if (!found.HasValue || found.Value!.GetString("Domain") != principal.Domain) return KnownProblems.ApiKeyUnknown;
        await _table.DeleteEntityAsync(DirectoryEntities.Everything, id, cancellationToken: stop);
        await ChangedAsync(stop);
        return null;
    }

    private async Task ChangedAsync(CancellationToken stop)
    {
        var version = await DirectoryVersion.ReadAsync(storage, stop);
        await DirectoryVersion.WriteAsync(storage, $"keys-{Text(IdAlphabet, 16)}", version?.Seed, stop);
        directory.Forget();
    }

    private string Text(string alphabet, int length)
    {
        var text = new char[length];
        Span<byte> one = stackalloc byte[1];
        for (var i = 0; i < length;)
        {
            random.Fill(one);
            // Only as many values as the alphabet divides evenly, so that every character is as likely.
            if (one[0] < 256 / alphabet.Length * alphabet.Length) text[i++] = alphabet[one[0] % alphabet.Length];
        }

        return new string(text);
    }

    private static ApiKeyView View(ApiKeyRecord key, DateTimeOffset? lastUsedAt) => new(
        key.Id, key.Name, key.Domain, ApiScopeNames.Of(key.Scopes), key.AllowFrom ?? [], key.CreatedAt, key.ExpiresAt, lastUsedAt,
        key.RequestsPerMinute, key.Enabled);
}
