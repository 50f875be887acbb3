using Azure.Data.Tables;
using ClickToDial.App.Adapters;
using ClickToDial.App.Hosting;
using ClickToDial.App.Hosting.Secrets;
using ClickToDial.Core.Secrets;
using Microsoft.Extensions.Logging;

namespace ClickToDial.App.Sealing;

/// <summary>
/// Seals again, with the present key, what older ones have sealed, so that those can go. Each row says itself which key it is sealed with,
/// so a walk that was broken off is gone on with by walking again, and two at once do no harm: a row is written over only as it was read.
/// </summary>
public sealed partial class Resealer(
    StorageClients storage, RowSealer rows, SecretBox box, IEnumerable<SealedTable> tables, SealingStates states, SecretStoreOptions secrets,
    AppMetrics metrics, TimeProvider time, ILogger<Resealer> logger)
{
    /// <summary>Rows looked at with one request.</summary>
    private const int Page = 500;

    /// <summary>Once all is done it is looked at again for what was restored or written by hand.</summary>
    private static readonly TimeSpan Again = TimeSpan.FromHours(1);

    /// <summary>
    /// From the first sight of a new key to the first row: longer than instances take to know it (three looks), than one that does not look
    /// lives on beside those that replace it, and than anything begun with the old key takes to be written.
    /// </summary>
    public TimeSpan Settle { get; } = TimeSpan.FromSeconds(Math.Max(600, 3 * secrets.EverySeconds));

    /// <summary>Rows sealed anew in one walk, at most; the others are counted.</summary>
    public int MostOfAWalk { get; set; } = 2000;

    /// <exception cref="Azure.RequestFailedException">Storage failed; what was done stays done.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        var (key, now) = (box.KeyId, time.GetUtcNow());
        var (known, tag) = await states.ReadAsync(stop);
        if (known?.Key != key)
        {
            if (await states.TryWriteAsync(new SealingState(key, now), tag, stop)) LogNewKey(key, Settle);
            return;
        }

        if (now - known.Since < Settle || (known.IsDone && now - known.WalkedAt < Again)) return;
        var tally = await WalkAsync(key, stop);
        // Replaced meanwhile: some may be sealed with one and some with the other.
        if (box.KeyId != key) return;
        await TellAsync(known, tag, tally, stop);
    }

    private async Task<SealingTally> WalkAsync(string key, CancellationToken stop)
    {
        var tally = new SealingTally();
        foreach (var table in tables)
        {
            var client = storage.Tables.GetTableClient(table.Name);
            var filter = table.Partition is { } partition ? TableClient.CreateQueryFilter($"PartitionKey eq {partition}") : null;
            await foreach (var row in client.QueryAsync<TableEntity>(filter, Page, ["PartitionKey", "RowKey", .. table.KeyColumns], stop))
                if (table.OtherKey(row, key) is { } other) tally.Count(await ResealAsync(client, table, row, other, tally, stop), table.Name, other);
        }

        return tally;
    }

    private async Task<SealingFate> ResealAsync(TableClient client, SealedTable table, TableEntity row, string other, SealingTally tally, CancellationToken stop)
    {
        if (!box.Knows(other)) return SealingFate.Unreadable;
        if (tally.Resealed >= MostOfAWalk) return SealingFate.Left;
        var fate = await rows.ResealAsync(client, table, row.PartitionKey, row.RowKey, stop);
        if (fate == SealingFate.Resealed) metrics.Resealed(table.Name);
        return fate;
    }

    private async Task TellAsync(SealingState known, Azure.ETag tag, SealingTally tally, CancellationToken stop)
    {
        var unreadable = tally.Unreadable.Values.Sum();
        foreach (var ((table, key), count) in tally.Unreadable) LogUnreadable(count, table, key);
        metrics.SealedWithOlderKeys(tally.Older, unreadable);
        if (tally.Resealed > 0 || tally.Older > 0) LogWalked(tally.Resealed, known.Key, tally.Older);
        // Where another walk has told meanwhile, the next one tells again.
        await states.TryWriteAsync(known with { WalkedAt = time.GetUtcNow(), Older = tally.Older, Unreadable = unreadable }, tag, stop);
    }

    [LoggerMessage(1080, LogLevel.Information, "Key {Key} seals from now on; what others have sealed is sealed again after {Settle}")]
    private partial void LogNewKey(string key, TimeSpan settle);

    [LoggerMessage(1081, LogLevel.Information, "{Rows} rows were sealed again with key {Key}, and {Older} still need older ones")]
    private partial void LogWalked(long rows, string key, long older);

    [LoggerMessage(1082, LogLevel.Error, "{Rows} rows of table {Table} cannot be opened: they name key {Key}")]
    private partial void LogUnreadable(long rows, string table, string key);
}
