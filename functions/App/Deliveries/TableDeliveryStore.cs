using Azure;
using Azure.Data.Tables;
using ClickToDial.App.Adapters;
using ClickToDial.Core.Deliveries;

namespace ClickToDial.App.Deliveries;

/// <summary>
/// Table WebhookDeliveries, see <see cref="DeliveryKeys"/>. A lane is one row that is written only as it was read, together with the
/// delivery that comes or goes. What this instance wrote lately it remembers, so that a delivery that goes well where it was added, and
/// waits for no other, is written twice and never read.
/// </summary>
public sealed class TableDeliveryStore(StorageClients storage) : IDeliveryStore, IDisposable
{
    private const int MaxTries = 20;

    private readonly TableClient _table = storage.Tables.GetTableClient(TableNames.WebhookDeliveries);
    private readonly DeliveryMemory _memory = new();
    private readonly Turns _turns = new();

    public string Instance { get; } = Guid.NewGuid().ToString("N");

    public void Dispose() => _memory.Dispose();

    public async Task<LaneWrite> TryAddAsync(Delivery delivery, CancellationToken stop)
    {
        var place = LanePlace.Of(delivery);
        using var turn = await _turns.EnterAsync(place.Key, stop);
        // Most lanes are empty, so nobody looks first.
        var lane = _memory.Lane(place) ?? KnownLane.None;
        // What is given up is written without the lane, so nothing would find out that another instance has made room.
        if (lane.Lane.IsFull) lane = await ReadLaneAsync(place, stop);
        for (var i = 0; i < MaxTries; i++)
        {
            if (await TryAddAsync(delivery, lane, place, stop) is { } written) return written;
            _memory.Forget(place);
            lane = await ReadLaneAsync(place, stop);
            if (await FindAsync(delivery.Domain, delivery.Subscription, delivery.Id, stop) is null) continue;
            // It gets a second message, and whichever comes later must see what became of the other.
            _memory.Forget(place.Partition, delivery.Id);
            return new LaneWrite(false, lane.Lane.Head);
        }

        throw new EntityContendedException();
    }

    public async Task<Delivery?> FindAsync(string domain, string subscription, string id, CancellationToken stop)
    {
        var found = await _table.GetEntityIfExistsAsync<TableEntity>(
            DeliveryKeys.Partition(domain, subscription), DeliveryKeys.Delivery + id, cancellationToken: stop);
        return found.HasValue ? DeliveryEntities.Read(found.Value!) : null;
    }

    public Delivery? Recall(string domain, string subscription, string id) => _memory.Take(DeliveryKeys.Partition(domain, subscription), id);

    public async Task<string?> HeadAsync(string domain, string subscription, string lane, CancellationToken stop) =>
        (await ReadLaneAsync(new LanePlace(DeliveryKeys.Partition(domain, subscription), lane), stop)).Lane.Head;

    public async Task<bool> IsHeadAsync(Delivery delivery, CancellationToken stop)
    {
        var place = LanePlace.Of(delivery);
        return _memory.Lane(place)?.Lane.Head == delivery.Id || (await ReadLaneAsync(place, stop)).Lane.Head == delivery.Id;
    }

    public async Task<LaneWrite> TrySaveAsync(Delivery before, Delivery after, CancellationToken stop)
    {
        var place = LanePlace.Of(before);
        using var turn = await _turns.EnterAsync(place.Key, stop);
        _memory.Forget(place.Partition, before.Id);
        // What is to come or go, and is there or gone by what is remembered, shows that another instance was here since.
        var lane = _memory.Lane(place) is { } known && (before.Status == after.Status || After(known.Lane, before, after) != known.Lane)
            ? known : await ReadLaneAsync(place, stop);
        for (var i = 0; i < MaxTries; i++)
        {
            if (await TrySaveAsync(before, after, lane, place, stop) is { } written) return written;
            _memory.Forget(place);
            lane = await ReadLaneAsync(place, stop);
            // It was the delivery that somebody else has changed, and not the lane.
            if ((await FindAsync(before.Domain, before.Subscription, before.Id, stop))?.Version != before.Version) return new LaneWrite(false, lane.Lane.Head);
        }

        throw new EntityContendedException();
    }

    public async Task<DeliveryPage> ListAsync(
        string domain, string subscription, DeliveryStatus? status, string? after, int limit, CancellationToken stop)
    {
        if (status == DeliveryStatus.Pending) return await PendingAsync(domain, subscription, after, limit, stop);
        var prefix = status == DeliveryStatus.Dead ? DeliveryKeys.Dead : DeliveryKeys.Delivery;
        var rows = await RowsAsync(domain, subscription, prefix + after, prefix[..^1] + "}", limit, stop);
        var listed = prefix == DeliveryKeys.Delivery
            ? rows.Select(DeliveryEntities.Read)
            : (await Task.WhenAll(rows.Select(r => FindAsync(domain, subscription, r.GetString("Delivery"), stop)))).OfType<Delivery>();
        return new DeliveryPage(
            [.. listed.Where(d => status is null || d.Status == status)], rows.Count == limit ? rows[^1].RowKey[prefix.Length..] : null);
    }

    public async Task<(Breaker Breaker, string? Version)> BreakerAsync(string domain, string subscription, CancellationToken stop)
    {
        var partition = DeliveryKeys.Partition(domain, subscription);
        if (_memory.Breaker(partition) is { } known) return known;
        var read = await ReadBreakerAsync(domain, subscription, stop);
        // Trouble is everybody's business at once, and its end as well; that there is none may be learnt a second later.
        if (read.Breaker == Core.Deliveries.Breaker.Closed) _memory.Keep(partition, read);
        return read;
    }

    private async Task<(Breaker Breaker, string? Version)> ReadBreakerAsync(string domain, string subscription, CancellationToken stop)
    {
        var found = await _table.GetEntityIfExistsAsync<TableEntity>(DeliveryKeys.Partition(domain, subscription), DeliveryKeys.Breaker, cancellationToken: stop);
        if (!found.HasValue) return (Breaker.Closed, null);
        var row = found.Value!;
        return (new Breaker(row.GetInt32("Failures")!.Value, row.GetInt32("Pauses")!.Value, row.GetDateTimeOffset("PausedUntil")), row.ETag.ToString());
    }

    public async Task<bool> TrySetBreakerAsync(string domain, string subscription, Breaker breaker, string? version, CancellationToken stop)
    {
        var partition = DeliveryKeys.Partition(domain, subscription);
        var row = new TableEntity(partition, DeliveryKeys.Breaker)
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
        finally
        {
            _memory.ForgetBreaker(partition);
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

    /// <summary>By lane; the cursor is the place of the last in its lane.</summary>
    private async Task<DeliveryPage> PendingAsync(string domain, string subscription, string? after, int limit, CancellationToken stop)
    {
        var cut = after?.IndexOf('|', StringComparison.Ordinal) is >= 0 and var at ? at : after?.Length ?? 0;
        var (from, last) = (after?[..cut] ?? "", after?[cut..]);
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {DeliveryKeys.Partition(domain, subscription)} and RowKey ge {DeliveryKeys.Lane + from} and RowKey lt {"l}"}");
        var waiting = new List<string>();
        await foreach (var row in _table.QueryAsync<TableEntity>(filter, limit, cancellationToken: stop))
        {
            // Of builds that kept a row for each delivery that waits.
            if (!row.ContainsKey(DeliveryEntities.Waiting)) continue;
            var lane = row.RowKey[DeliveryKeys.Lane.Length..];
            var entries = DeliveryEntities.ReadLane(row).Entries.Select(e => $"|{e}");
            waiting.AddRange(entries.Where(e => lane != from || string.CompareOrdinal(e, last) > 0).Select(e => lane + e));
            if (waiting.Count >= limit) break;
        }

        var shown = waiting.Take(limit).ToList();
        var found = await Task.WhenAll(shown.Select(w => FindAsync(domain, subscription, Lane.IdOf(w[(w.IndexOf('|', StringComparison.Ordinal) + 1)..]), stop)));
        return new DeliveryPage([.. found.OfType<Delivery>().Where(d => d.Status == DeliveryStatus.Pending)], shown.Count == limit ? shown[^1] : null);
    }

    private async Task<LaneWrite?> TryAddAsync(Delivery delivery, KnownLane known, LanePlace place, CancellationToken stop)
    {
        if (known.Lane.IsFull)
        {
            var crowdedOut = delivery.Finished(DeliveryStatus.Dead, delivery.CreatedAt, DeliveryReasons.Crowded);
            var kept = await TrySubmitAsync(
                [new(TableTransactionActionType.Add, DeliveryEntities.Write(crowdedOut)), new(TableTransactionActionType.UpsertReplace, DeadRow(delivery))], stop);
            return kept is null ? null : new LaneWrite(true, known.Lane.Head);
        }

        var lane = known.Lane.With(delivery);
        var versions = await TrySubmitAsync([new(TableTransactionActionType.Add, DeliveryEntities.Write(delivery)), Change(place, known, lane)], stop);
        if (versions is null) return null;
        _memory.Keep(place, new KnownLane(lane, versions[1]));
        // What waits for another is read when its turn comes.
        if (lane.Head == delivery.Id) _memory.Keep(place.Partition, delivery with { Version = versions[0] });
        return new LaneWrite(true, lane.Head);
    }

    private async Task<LaneWrite?> TrySaveAsync(Delivery before, Delivery after, KnownLane known, LanePlace place, CancellationToken stop)
    {
        var lane = After(known.Lane, before, after);
        var changed = lane != known.Lane;
        List<TableTransactionAction> changes = [new(TableTransactionActionType.UpdateReplace, DeliveryEntities.Write(after), new ETag(before.Version!))];
        if (changed) changes.Add(Change(place, known, lane));
        if (before.Status == DeliveryStatus.Dead && after.Status == DeliveryStatus.Pending) changes.Add(new(TableTransactionActionType.Delete, DeadRow(before), ETag.All));
        if (after.Status == DeliveryStatus.Dead) changes.Add(new(TableTransactionActionType.UpsertReplace, DeadRow(before)));
        if (await TrySubmitAsync(changes, stop) is not { } versions) return null;
        if (changed) _memory.Keep(place, lane.Head is null ? KnownLane.None : new KnownLane(lane, versions[1]));
        return new LaneWrite(true, lane.Head);
    }

    /// <returns>The same lane where it does not change.</returns>
    private static Lane After(Lane lane, Delivery before, Delivery after)
    {
        var (wasPending, isPending) = (before.Status == DeliveryStatus.Pending, after.Status == DeliveryStatus.Pending);
        if (wasPending == isPending) return lane;
        var changed = isPending ? lane.With(after) : lane.Without(before);
        return changed.Entries.Count == lane.Entries.Count ? lane : changed;
    }

    private async Task<KnownLane> ReadLaneAsync(LanePlace place, CancellationToken stop)
    {
        var found = await _table.GetEntityIfExistsAsync<TableEntity>(place.Partition, place.RowKey, cancellationToken: stop);
        var lane = found.HasValue ? new KnownLane(DeliveryEntities.ReadLane(found.Value!), found.Value!.ETag.ToString()) : KnownLane.None;
        _memory.Keep(place, lane);
        return lane;
    }

    /// <returns>The versions of the rows as they are now; null when one was there already, is gone or has changed.</returns>
    private async Task<IReadOnlyList<string?>?> TrySubmitAsync(IReadOnlyList<TableTransactionAction> actions, CancellationToken stop)
    {
        try
        {
            var written = await _table.SubmitTransactionAsync(actions, stop);
            return [.. written.Value.Select(r => r.Headers.ETag?.ToString())];
        }
        catch (RequestFailedException e) when (e.Status is 404 or 409 or 412)
        {
            return null;
        }
    }

    /// <summary>The lane's row is there as long as something is pending in it.</summary>
    private static TableTransactionAction Change(LanePlace place, KnownLane known, Lane lane)
    {
        var row = DeliveryEntities.Write(place, lane);
        if (known.Version is not { } version) return new TableTransactionAction(TableTransactionActionType.Add, row);
        return new TableTransactionAction(lane.Head is null ? TableTransactionActionType.Delete : TableTransactionActionType.UpdateReplace, row, new ETag(version));
    }

    private static TableEntity DeadRow(Delivery d) =>
        new(DeliveryKeys.Partition(d.Domain, d.Subscription), DeliveryKeys.Dead + d.Id) { ["Delivery"] = d.Id };
}
