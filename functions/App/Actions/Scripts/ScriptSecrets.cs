using Azure.Data.Tables;
using ClickToDial.App.Adapters;
using ClickToDial.App.Sealing;
using ClickToDial.Core.Problems;
using ClickToDial.Core.Secrets;

namespace ClickToDial.App.Actions.Scripts;

/// <summary>Secrets that a domain's scripts may read: sealed where they are kept, never shown, never logged.</summary>
public sealed class ScriptSecrets(StorageClients storage, SecretBox box)
{
    public const int MaxName = 64;
    public const int MaxValue = 8192;

    /// <summary>What it seals.</summary>
    public static SealedTable Sealed { get; } = new(TableNames.ScriptSecrets, [new("Sealed", "KeyId", Place)]);

    private readonly TableClient _table = storage.Tables.GetTableClient(TableNames.ScriptSecrets);

    public static bool IsName(string name) => name.Length is > 0 and <= MaxName && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.');

    public async Task SetAsync(string domain, string name, string value, CancellationToken stop)
    {
        var secret = box.Seal(value, Place(domain, name));
        await _table.UpsertEntityAsync(new TableEntity(domain, name) { ["KeyId"] = secret.KeyId, ["Sealed"] = secret.Bytes }, TableUpdateMode.Replace, stop);
    }

    public async Task<Problem?> DeleteAsync(string domain, string name, CancellationToken stop)
    {
        if (!IsName(name)) return KnownProblems.SecretUnknown;
        var found = await _table.GetEntityIfExistsAsync<TableEntity>(domain, name, ["KeyId"], stop);
        if (!found.HasValue) return KnownProblems.SecretUnknown;
        await _table.DeleteEntityAsync(domain, name, cancellationToken: stop);
        return null;
    }

    /// <summary>Null when there is none of this name.</summary>
    public async Task<string?> GetAsync(string domain, string name, CancellationToken stop)
    {
        if (!IsName(name)) return null;
        var found = await _table.GetEntityIfExistsAsync<TableEntity>(domain, name, cancellationToken: stop);
        return found.HasValue ? box.Open(new SealedSecret(found.Value!.GetString("KeyId"), found.Value.GetBinary("Sealed")), Place(domain, name)) : null;
    }

    private static string Place(string domain, string name) => $"{TableNames.ScriptSecrets}/{domain}/{name}";
}
