using Azure;
using Azure.Data.Tables;
using ClickToDial.App.Adapters;
using ClickToDial.App.Calls;

namespace ClickToDial.App.Workers;

/// <summary>
/// Where workers are, as they say of themselves: table Workers, one row each. The list is remembered for a few seconds, and longer while
/// storage is away, because calls of workers go on without it.
/// </summary>
public sealed class WorkerRegister(StorageClients storage, CallOptions calls, TimeProvider time) : IDisposable
{
    /// <summary>Who was silent for longer gets no new calls. Three times as long as workers wait between two words.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan LeastKept = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(5);

    private const string Partition = "workers";

    /// <summary>Who was silent for longer, and is not there when asked, is forgotten. By then its calls have been closed.</summary>
    private readonly TimeSpan _kept = TimeSpan.FromTicks(Math.Max(LeastKept.Ticks, (TimeSpan.FromSeconds(calls.WorkerGoneSeconds) + Margin).Ticks));

    private readonly TableClient _table = storage.Tables.GetTableClient(TableNames.Workers);
    private readonly SemaphoreSlim _one = new(1, 1);
    private volatile Known? _known;

    /// <summary>A worker is there now.</summary>
    public Task SeenAsync(string name, string url, CancellationToken stop) => _table.UpsertEntityAsync(
        new TableEntity(Partition, name) { ["Url"] = url, ["SeenAt"] = time.GetUtcNow() }, TableUpdateMode.Replace, stop);

    /// <summary>A worker has gone, and has no calls.</summary>
    public Task GoneAsync(string name, CancellationToken stop) => _table.DeleteEntityAsync(Partition, name, cancellationToken: stop);

    public void Dispose() => _one.Dispose();

    /// <param name="isThere">Asks the worker of an address whether it is there: one that only cannot reach us may have calls.</param>
    public async Task<IReadOnlyList<WorkerPlace>> ListAsync(Func<string, CancellationToken, Task<bool>> isThere, CancellationToken stop)
    {
        if (_known is not { } known || time.GetElapsedTime(known.At) > Remembered) known = await AskAsync(isThere, stop);
        var now = time.GetUtcNow();
        return [.. known.Rows.Select(row => new WorkerPlace(row.Url, now - row.SeenAt < Fresh, row.SeenAt))];
    }

    /// <summary>Workers that spoke a moment ago, but for the one at this address.</summary>
    public async Task<IReadOnlyList<string>> FellowsAsync(string own, CancellationToken stop) =>
        // Who is old is not asked here, and so stays in the list until somebody asks who does.
        [.. (await ListAsync((_, _) => Task.FromResult(true), stop)).Where(place => place.IsFresh).Select(place => place.Url)
            .Where(url => !url.Equals(own, StringComparison.OrdinalIgnoreCase)).Distinct(StringComparer.OrdinalIgnoreCase)];

    private async Task<Known> AskAsync(Func<string, CancellationToken, Task<bool>> isThere, CancellationToken stop)
    {
        await _one.WaitAsync(stop);
        try
        {
            if (_known is { } known && time.GetElapsedTime(known.At) <= Remembered) return known;
            return _known = new Known(time.GetTimestamp(), await ReadAsync(isThere, stop));
        }
        catch (Exception e) when (StorageFailure.IsUnavailable(e) && !stop.IsCancellationRequested)
        {
            // For a while too, or every request would wait for storage, one behind the other.
            return _known = new Known(time.GetTimestamp(), _known?.Rows ?? []);
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task<IReadOnlyList<Row>> ReadAsync(Func<string, CancellationToken, Task<bool>> isThere, CancellationToken stop)
    {
        var rows = new List<Row>();
        var old = new List<(TableEntity Entity, Row Row)>();
        await foreach (var entity in _table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {Partition}"), cancellationToken: stop))
        {
            if (entity.GetString("Url") is not { } url || entity.GetDateTimeOffset("SeenAt") is not { } at) continue;
            if (time.GetUtcNow() - at < _kept) rows.Add(new Row(url, at));
            else old.Add((entity, new Row(url, at)));
        }

        var there = await Task.WhenAll(old.Select(one => isThere(one.Row.Url, stop)));
        rows.AddRange(old.Where((_, i) => there[i]).Select(one => one.Row));
        foreach (var (entity, _) in old.Where((_, i) => !there[i])) await ForgetAsync(entity, stop);
        return rows;
    }

    private async Task ForgetAsync(TableEntity entity, CancellationToken stop)
    {
        try
        {
            await _table.DeleteEntityAsync(entity, entity.ETag, stop);
        }
        catch (RequestFailedException e) when (e.Status == 412)
        {
            // It has spoken meanwhile, and stays.
        }
    }

    private sealed record Known(long At, IReadOnlyList<Row> Rows);

    private sealed record Row(string Url, DateTimeOffset SeenAt);
}
