using Azure;
using Azure.Data.Tables;

namespace ClickToDial.EmbeddedHost.Durable.Storage;

/// <summary>
/// One row per running host, with the time until which it counts as alive. A host whose row is gone is dead, also when it
/// thinks otherwise: whoever removes the row may take over its instances, and it learns of it at its next renewal.
/// </summary>
internal sealed class HostLeases(TableClient table, TimeProvider time)
{
    private const string Partition = "host";
    private const string Until = "Until";

    public async Task<ETag> AcquireAsync(string host, TimeSpan duration, CancellationToken cancel) =>
        TableBatches.ETagOf(await table.UpsertEntityAsync(Row(host, duration), TableUpdateMode.Replace, cancel));

    /// <summary>Null when the host was declared dead.</summary>
    public async Task<ETag?> RenewAsync(string host, ETag etag, TimeSpan duration, CancellationToken cancel)
    {
        try
        {
            return TableBatches.ETagOf(await table.UpdateEntityAsync(Row(host, duration), etag, TableUpdateMode.Replace, cancel));
        }
        catch (RequestFailedException e) when (e.Status is 404 or 412)
        {
            return null;
        }
    }

    public async Task ReleaseAsync(string host, CancellationToken cancel) =>
        await table.DeleteEntityAsync(Partition, host, ETag.All, cancel);

    /// <summary>The hosts that are alive; removes those that are not, but never the one that asks: its next renewal tells.</summary>
    public async Task<HashSet<string>> LivingAsync(string self, CancellationToken cancel)
    {
        var living = new HashSet<string>(StringComparer.Ordinal) { self };
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {Partition}");
        await foreach (var row in table.QueryAsync<TableEntity>(filter, cancellationToken: cancel))
            if (!living.Contains(row.RowKey) && !await TryBuryAsync(row, cancel)) living.Add(row.RowKey);
        return living;
    }

    private async Task<bool> TryBuryAsync(TableEntity row, CancellationToken cancel)
    {
        if (row.GetDateTimeOffset(Until) > time.GetUtcNow()) return false;
        try
        {
            await table.DeleteEntityAsync(Partition, row.RowKey, row.ETag, cancel);
            return true;
        }
        catch (RequestFailedException e) when (e.Status == 412)
        {
            // It was renewed this moment.
            return false;
        }
    }

    private TableEntity Row(string host, TimeSpan duration) => new(Partition, host) { [Until] = time.GetUtcNow() + duration };
}
