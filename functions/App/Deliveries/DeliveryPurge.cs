using Azure;
using Azure.Data.Tables;
using ClickToDial.App.Adapters;

namespace ClickToDial.App.Deliveries;

/// <summary>Deletes deliveries: all of a subscription that is gone, and finished ones that are old. A part at a time.</summary>
public sealed class DeliveryPurge(StorageClients storage, SubscriptionStore subscriptions, DeliveryOptions options, TimeProvider time)
{
    private const int MostAtOnce = 1000;

    /// <summary>Actions in one transaction, at most (Azure Table storage).</summary>
    private const int Batch = 100;

    private readonly TableClient _table = storage.Tables.GetTableClient(TableNames.WebhookDeliveries);

    /// <returns>Whether there may be more.</returns>
    public async Task<bool> ForgetAsync(string domain, string subscription, CancellationToken stop)
    {
        var partition = DeliveryKeys.Partition(domain, subscription);
        return await DeleteAsync(partition, TableClient.CreateQueryFilter($"PartitionKey eq {partition}"), stop) == MostAtOnce;
    }

    public async Task OldAsync(CancellationToken stop)
    {
        var old = DeliveryKeys.Before(time.GetUtcNow().AddDays(-options.KeepDays));
        foreach (var (domain, id) in await subscriptions.AllAsync(stop))
        {
            var partition = DeliveryKeys.Partition(domain, id);
            await DeleteAsync(partition, TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey gt {DeliveryKeys.Dead + old} and RowKey lt {"x}"}"), stop);
            await DeleteAsync(
                partition,
                TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey gt {DeliveryKeys.Delivery + old} and RowKey lt {"d}"} and Status ne {"Pending"}"), stop);
        }
    }

    private async Task<int> DeleteAsync(string partition, string filter, CancellationToken stop)
    {
        var rows = new List<string>();
        await foreach (var row in _table.QueryAsync<TableEntity>(filter, select: ["RowKey"], cancellationToken: stop))
        {
            rows.Add(row.RowKey);
            if (rows.Count == MostAtOnce) break;
        }

        foreach (var batch in rows.Chunk(Batch))
        {
            try
            {
                await _table.SubmitTransactionAsync(
                    batch.Select(row => new TableTransactionAction(TableTransactionActionType.Delete, new TableEntity(partition, row), ETag.All)), stop);
            }
            catch (RequestFailedException e) when (e.Status == 404)
            {
                // Another run was there first; the next one finds what is left.
            }
        }

        return rows.Count;
    }
}
