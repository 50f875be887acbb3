using System.Text.Json;
using Azure.Data.Tables;
using ClickToDial.App.Hosting;
using ClickToDial.Core.Sessions;

namespace ClickToDial.App.Adapters;

/// <summary>Table TokenUses: one row per token that was used, partition by domain, row key the token's id.</summary>
public sealed class TableTokenUseStore(StorageClients storage) : ITokenUseStore
{
    private readonly TableClient _table = storage.Tables.GetTableClient(TableNames.TokenUses);

    public async Task<bool> TrySpendAsync(SessionClaims token, string mark, CancellationToken stop)
    {
        var granted = false;
        await OptimisticTable.ChangeAsync(
            _table,
            token.Domain,
            token.TokenId,
            entity =>
            {
                var before = Read(entity);
                var after = before.Spend(mark, token.Calls);
                granted = after is not null;
                return after is null || ReferenceEquals(before, after) ? null : Write(token, after);
            },
            stop);
        return granted;
    }

    private static TokenUse Read(TableEntity? entity) =>
        entity?.GetString("Marks") is { } json
            ? new TokenUse([.. JsonSerializer.Deserialize(json, AppJson.Default.IReadOnlyListString)!])
            : TokenUse.None;

    private static TableEntity Write(SessionClaims token, TokenUse use) => new(token.Domain, token.TokenId)
    {
        ["Marks"] = JsonSerializer.Serialize(use.Marks, AppJson.Default.IReadOnlyListString),
        ["ExpiresAt"] = token.Expires,
    };
}
