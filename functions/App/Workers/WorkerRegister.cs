using Azure.Data.Tables;
using ClickToDial.App.Adapters;

namespace ClickToDial.App.Workers;

/// <summary>
/// Where workers are, as they say of themselves: table Workers, one row each. The list is remembered for a few seconds, and longer while
/// storage is away, because calls of workers go on without it.
/// </summary>
public sealed class WorkerRegister(StorageClients storage, TimeProvider time) : IDisposable
{
    /// <summary>Who was silent for longer gets no new calls. Three times as long as workers wait between two words.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(30);

    /// <summary>Who was silent for longer is not asked for calls it may have; those are closed long before (Calls:WorkerGoneSeconds).</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(30);

    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(5);

    private const string Partition = "workers";

    private readonly TableClient _table = storage.Tables.GetTableClient(TableNames.Workers);
    private readonly SemaphoreSlim _one = new(1, 1);
    private volatile Known? _known;

    /// <summary>A worker is there now.</summary>
    public Task SeenAsync(string name, string url, CancellationToken stop) => _table.UpsertEntityAsync(
        new TableEntity(Partition, name) { ["Url"] = url, ["SeenAt"] = time.GetUtcNow() }, TableUpdateMode.Replace, stop);

    /// <summary>A worker has gone, and has no calls.</summary>
    public Task GoneAsync(string name, CancellationToken stop) => _table.DeleteEntityAsync(Partition, name, cancellationToken: stop);

    public void Dispose() => _one.Dispose();

    public async Task<IReadOnlyList<WorkerPlace>> ListAsync(CancellationToken stop)
    {
        if (_known is not { } known || time.GetElapsedTime(known.At) > Remembered) known = await AskAsync(stop);
        var now = time.GetUtcNow();
        return [.. known.Rows.Where(row => now - row.SeenAt < Kept).Select(row => new WorkerPlace(row.Url, now - row.SeenAt < Fresh))];
    }

    private async Task<Known> AskAsync(CancellationToken stop)
    {
        await _one.WaitAsync(stop);
        try
        {
            if (_known is { } known && time.GetElapsedTime(known.At) <= Remembered) return known;
            return _known = new Known(time.GetTimestamp(), await ReadAsync(stop));
        }
        catch (Exception e) when (StorageFailure.IsUnavailable(e) && !stop.IsCancellationRequested)
        {
            return _known ?? new Known(0, []);
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task<IReadOnlyList<Row>> ReadAsync(CancellationToken stop)
    {
        var rows = new List<Row>();
        await foreach (var row in _table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {Partition}"), cancellationToken: stop))
        {
            if (row.GetString("Url") is not { } url || row.GetDateTimeOffset("SeenAt") is not { } at) continue;
            if (time.GetUtcNow() - at < Kept) rows.Add(new Row(url, at));
            // Unless it has spoken meanwhile.
            else await _table.DeleteEntityAsync(row, row.ETag, stop);
        }

        return rows;
    }

    private sealed record Known(long At, IReadOnlyList<Row> Rows);

    private sealed record Row(string Url, DateTimeOffset SeenAt);
}
