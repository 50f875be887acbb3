using Azure;
using Azure.Data.Tables;
using ClickToDial.App.Adapters;
using ClickToDial.Core.Deliveries;

namespace ClickToDial.App.Deliveries;

/// <summary>Table WebhookDeliveries, see <see cref="DeliveryKeys"/>.</summary>
public sealed class TableDeliveryStore(StorageClients storage) : IDeliveryStore
{
    private readonly TableClient _table = storage.Tables.GetTableClient(TableNames.WebhookDeliveries);

    public async Task<bool> TryAddAsync(Delivery delivery, CancellationToken stop)
    {
        try
        {
            await _table.SubmitTransactionAsync(
                [new(TableTransactionActionType.Add, DeliveryEntities.Write(delivery)), new(TableTransactionActionType.UpsertReplace, LaneRow(delivery))], stop);
            return true;
        }
        catch (RequestFailedException e) when (e.Status == 409)
        {
            return false;
        }
    }

    public async Task<Delivery?> FindAsync(string domain, string subscription, string id, CancellationToken stop)
    {
        var found = await _table.GetEntityIfExistsAsync<TableEntity>(
            DeliveryKeys.Partition(domain, subscription), DeliveryKeys.Delivery + id, cancellationToken: stop);
        return found.HasValue ? DeliveryEntities.Read(found.Value!) : null;
    }

    public async Task<Delivery?> HeadAsync(string domain, string subscription, string lane, CancellationToken stop)
    {
        var first = DeliveryKeys.InLane(lane, "");
        var rows = await RowsAsync(domain, subscription, first, first[..^1] + "}", 1, stop);
        return rows is [var head] ? await FindAsync(domain, subscription, head.GetString("Delivery"), stop) : null;
    }

    public async Task<bool> TrySaveAsync(Delivery before, Delivery after, CancellationToken stop)
    {
        var partition = DeliveryKeys.Partition(before.Domain, before.Subscription);
        List<TableTransactionAction> changes = [new(TableTransactionActionType.UpdateReplace, DeliveryEntities.Write(after), new ETag(before.Version!))];
        var (wasPending, isPending) = (before.Status == DeliveryStatus.Pending, after.Status == DeliveryStatus.Pending);
        if (wasPending && !isPending) changes.Add(new(TableTransactionActionType.Delete, LaneRow(before), ETag.All));
        if (!wasPending && isPending) changes.Add(new(TableTransactionActionType.UpsertReplace, LaneRow(after)));
        var dead = new TableEntity(partition, DeliveryKeys.Dead + before.Id) { ["Delivery"] = before.Id };
        if (before.Status == DeliveryStatus.Dead && isPending) changes.Add(new(TableTransactionActionType.Delete, dead, ETag.All));
        if (after.Status == DeliveryStatus.Dead) changes.Add(new(TableTransactionActionType.UpsertReplace, dead));
        try
        {
            await _table.SubmitTransactionAsync(changes, stop);
            return true;
        }
        catch (RequestFailedException e) when (e.Status is 404 or 412)
        {
            return false;
        }
    }

    public async Task<DeliveryPage> ListAsync(
        string domain, string subscription, DeliveryStatus? status, string? after, int limit, CancellationToken stop)
    {
        var prefix = status switch { DeliveryStatus.Pending => DeliveryKeys.Lane, DeliveryStatus.Dead => DeliveryKeys.Dead, _ => DeliveryKeys.Delivery };
        var rows = await RowsAsync(domain, subscription, prefix + after, prefix[..^1] + "}", limit, stop);
        var listed = prefix == DeliveryKeys.Delivery
            ? rows.Select(DeliveryEntities.Read)
            : (await Task.WhenAll(rows.Select(r => FindAsync(domain, subscription, r.GetString("Delivery"), stop)))).OfType<Delivery>();
        return new DeliveryPage(
            [.. listed.Where(d => status is null || d.Status == status)], rows.Count == limit ? rows[^1].RowKey[prefix.Length..] : null);
    }

    public async Task<(Breaker Breaker, string? Version)> BreakerAsync(string domain, string subscription, CancellationToken stop)
    {
        var found = await _table.GetEntityIfExistsAsync<TableEntity>(DeliveryKeys.Partition(domain, subscription), DeliveryKeys.Breaker, cancellationToken: stop);
        if (!found.HasValue) return (Breaker.Closed, null);
        var row = found.Value!;
        return (new Breaker(row.GetInt32("Failures")!.Value, row.GetInt32("Pauses")!.Value, row.GetDateTimeOffset("PausedUntil")), row.ETag.ToString());
    }

    public async Task<bool> TrySetBreakerAsync(string domain, string subscription, Breaker breaker, string? version, CancellationToken stop)
    {
        var row = new TableEntity(DeliveryKeys.Partition(domain, subscription), DeliveryKeys.Breaker)
        {
            ["Failures"] = breaker.Failures,
            ["Pauses"] = breaker.Pauses,
            ["PausedUntil"] = breaker.PausedUntil,
        };
        try
        {
            if (version is null) await _table.AddEntityAsync(row, stop);
            else await _table.UpdateEntityAsync(row, new ETag(version), TableUpdateMode.Replace, stop);
            return true;
        }
        catch (RequestFailedException e) when (e.Status is 404 or 409 or 412)
        {
            return false;
        }
    }

    private async Task<IReadOnlyList<TableEntity>> RowsAsync(string domain, string subscription, string after, string before, int limit, CancellationToken stop)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {DeliveryKeys.Partition(domain, subscription)} and RowKey gt {after} and RowKey lt {before}");
        var rows = new List<TableEntity>();
        await foreach (var row in _table.QueryAsync<TableEntity>(filter, limit, cancellationToken: stop))
        {
            rows.Add(row);
            if (rows.Count == limit) break;
        }

        return rows;
    }

    private static TableEntity LaneRow(Delivery d) =>
        new(DeliveryKeys.Partition(d.Domain, d.Subscription), DeliveryKeys.InLane(d.Lane, d.Place)) { ["Delivery"] = d.Id };
}
