using Azure;
using Azure.Data.Tables;
using ClickToDial.App.Adapters;
using ClickToDial.Core;
using ClickToDial.Core.Calls;
using ClickToDial.Core.Directory;
using Microsoft.Extensions.Logging;

namespace ClickToDial.App.Actions.Chains;

/// <summary>
/// Deletes chains that ended long ago with all that is kept of them, and values of scripts whose life is over. So much at most in one run; what
/// is left waits for the next. Ids of chains begin with their time, so nothing is read that is not old.
/// </summary>
public sealed partial class ChainPurge(StorageClients storage, ChainOptions options, IDirectoryReader directory, IRandomSource random, TimeProvider time, ILogger<ChainPurge> logger)
{
    /// <summary>Chains, and values, in one run.</summary>
    public const int MostAtOnce = 1000;

    /// <summary>Actions in one transaction, at most (Azure Table storage).</summary>
    private const int Batch = 100;

    private readonly TableClient _steps = storage.Tables.GetTableClient(TableNames.ChainSteps);
    private readonly TableClient _values = storage.Tables.GetTableClient(TableNames.ScriptValues);

    public async Task PurgeAsync(DurableTaskClient client, CancellationToken stop)
    {
        var (chains, values) = (0, 0);
        foreach (var domain in (await directory.GetAsync(stop)).Domains.Keys)
        {
            chains += await ChainsAsync(client, domain, MostAtOnce - chains, stop);
            values += await ValuesAsync(domain, MostAtOnce - values, stop);
        }
        LogPurged(chains, values);
    }

    /// <returns>How many chains are gone.</returns>
    public async Task<int> ChainsAsync(DurableTaskClient client, string domain, int most, CancellationToken stop)
    {
        if (most <= 0) return 0;
        var filter = TableClient.CreateQueryFilter($"PartitionKey ge {domain + "|"} and PartitionKey lt {$"{domain}|{Oldest()}"}");
        var (purged, rows) = (0, new List<TableEntity>());
        await foreach (var row in _steps.QueryAsync<TableEntity>(filter, select: ["PartitionKey", "RowKey"], cancellationToken: stop))
        {
            if (rows is [var first, ..] && first.PartitionKey != row.PartitionKey)
            {
                purged += await ChainAsync(client, domain, rows, stop);
                rows.Clear();
                if (purged == most) return purged;
            }
            rows.Add(row);
        }
        return rows.Count > 0 ? purged + await ChainAsync(client, domain, rows, stop) : purged;
    }

    /// <summary>Answers to requests of old chains, and values that have expired.</summary>
    /// <returns>How many rows are gone.</returns>
    public async Task<int> ValuesAsync(string domain, int most, CancellationToken stop)
    {
        var oldest = Oldest();
        var old = TableClient.CreateQueryFilter($"PartitionKey eq {domain} and RowKey ge {"a|"} and RowKey lt {"a|" + oldest}");
        var fetched = TableClient.CreateQueryFilter($"PartitionKey eq {domain} and RowKey ge {"f|"} and RowKey lt {"f|" + oldest}");
        var expired = TableClient.CreateQueryFilter($"PartitionKey eq {domain} and RowKey ge {"k|"} and RowKey lt {"k}"} and ExpiresAt lt {time.GetUtcNow()}");
        var purged = 0;
        foreach (var filter in (string[])[old, fetched, expired])
        {
            var rows = new List<TableEntity>();
            await foreach (var row in _values.QueryAsync<TableEntity>(filter, select: ["PartitionKey", "RowKey"], cancellationToken: stop))
            {
                if (purged + rows.Count >= most) break;
                rows.Add(row);
            }
            // As they were read: a value that was set anew meanwhile stays.
            foreach (var row in rows) await DeleteAsync(_values, [new(TableTransactionActionType.Delete, row, row.ETag)], stop);
            purged += rows.Count;
        }
        return purged;
    }

    /// <summary>The instance first: what is interrupted is found again by its rows, whose head goes in the last transaction.</summary>
    private async Task<int> ChainAsync(DurableTaskClient client, string domain, List<TableEntity> rows, CancellationToken stop)
    {
        var chainId = rows[0].PartitionKey[(domain.Length + 1)..];
        if (rows[^1].RowKey != "z" && await client.GetInstanceAsync(chainId, stop) is { IsCompleted: false }) return 0;
        await client.PurgeInstanceAsync(chainId, stop);
        foreach (var some in rows.OrderBy(row => row.RowKey == "head").Chunk(Batch))
            await DeleteAsync(_steps, some.Select(row => new TableTransactionAction(TableTransactionActionType.Delete, row, ETag.All)), stop);
        return 1;
    }

    private static async Task DeleteAsync(TableClient table, IEnumerable<TableTransactionAction> rows, CancellationToken stop)
    {
        try
        {
            await table.SubmitTransactionAsync(rows, stop);
        }
        catch (RequestFailedException e) when (e.Status is 404 or 412)
        {
            // Another run was there first, or it is needed again; the next run finds what is left.
        }
    }

    /// <summary>No chain of that time or later has a smaller id.</summary>
    private string Oldest() => CallIds.New(time.GetUtcNow().AddDays(-options.KeepDays), random).Value;

    [LoggerMessage(1102, LogLevel.Information, "Purged {Chains} chains and {Values} values of scripts")]
    private partial void LogPurged(int chains, int values);
}
