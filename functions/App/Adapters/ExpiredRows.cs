using Azure;
using Azure.Data.Tables;
using ClickToDial.App.Login;
using ClickToDial.Core.Directory;
using Microsoft.Extensions.Logging;

namespace ClickToDial.App.Adapters;

/// <summary>
/// Deletes decisions for idempotency keys and uses of session tokens once they are too old to matter. So many at most in one run; what
/// is left waits for the next.
/// </summary>
public sealed partial class ExpiredRows(StorageClients storage, IDirectoryReader directory, TimeProvider time, ILogger<ExpiredRows> logger)
{
    /// <summary>A request repeated later than this is a new one.</summary>
    public static readonly TimeSpan KeepKeys = TimeSpan.FromDays(7);

    /// <summary>Longer than any clock is wrong: a token deleted too early could be spent again.</summary>
    private static readonly TimeSpan KeepTokens = TimeSpan.FromDays(1);

    private const int MostOfATable = 5000;

    /// <summary>Actions in one transaction, at most (Azure Table storage).</summary>
    private const int Batch = 100;

    public async Task PurgeAsync(CancellationToken stop)
    {
        var now = time.GetUtcNow();
        var (keys, uses) = (0, 0);
        foreach (var domain in (await directory.GetAsync(stop)).Domains.Keys)
        {
            keys += await DeleteAsync(TableNames.Calls, domain, CallKeys.PlacedBefore(domain, now - KeepKeys), MostOfATable - keys, stop);
            var expired = TableClient.CreateQueryFilter($"PartitionKey eq {domain} and ExpiresAt lt {now - KeepTokens}");
            uses += await DeleteAsync(TableNames.TokenUses, domain, expired, MostOfATable - uses, stop);
        }

        await DeleteAsync(
            TableNames.LoginTokens, LoginTokens.Partition,
            TableClient.CreateQueryFilter($"PartitionKey eq {LoginTokens.Partition} and ExpiresAt lt {now - KeepTokens}"), MostOfATable, stop);
        LogPurged(keys, uses);
    }

    private async Task<int> DeleteAsync(string table, string domain, string filter, int most, CancellationToken stop)
    {
        var client = storage.Tables.GetTableClient(table);
        var rows = new List<string>();
        await foreach (var row in client.QueryAsync<TableEntity>(filter, select: ["RowKey"], cancellationToken: stop))
        {
            if (rows.Count >= most) break;
            rows.Add(row.RowKey);
        }

        foreach (var batch in rows.Chunk(Batch)) await DeleteAsync(client, domain, batch, stop);
        return rows.Count;
    }

    private static async Task DeleteAsync(TableClient client, string domain, string[] rows, CancellationToken stop)
    {
        try
        {
            await client.SubmitTransactionAsync(
                rows.Select(row => new TableTransactionAction(TableTransactionActionType.Delete, new TableEntity(domain, row), ETag.All)), stop);
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            // Another run was there first; the next one finds what is left.
        }
    }

    [LoggerMessage(1012, LogLevel.Information, "Purged {Keys} idempotency keys and the uses of {Tokens} session tokens")]
    private partial void LogPurged(int keys, int tokens);
}
