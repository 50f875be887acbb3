using System.Collections.Frozen;
using Azure.Data.Tables;
using ClickToDial.App.Adapters;
using ClickToDial.Contracts.Directory;
using ClickToDial.Core.Directory;

namespace ClickToDial.App.Directory;

/// <summary>
/// The directory from its tables, remembered for a few seconds. After that the version row is asked; only when the version has
/// changed are the tables read again.
/// </summary>
public sealed class TableDirectory(StorageClients storage, DirectoryEntities entities, DirectoryOptions options, TimeProvider time)
    : IDirectoryReader, IDisposable
{
    private readonly SemaphoreSlim _refreshing = new(1, 1);
    private readonly TimeSpan _keep = TimeSpan.FromSeconds(options.CacheSeconds);
    private volatile Remembered? _remembered;

    public DirectoryView? Latest => _remembered?.View;

    public async ValueTask<DirectoryView> GetAsync(CancellationToken stop)
    {
        if (Fresh() is { } view) return view;
        await _refreshing.WaitAsync(stop);
        try
        {
            return Fresh() ?? await RefreshAsync(stop);
        }
        finally
        {
            _refreshing.Release();
        }
    }

    public async Task CheckAsync(CancellationToken stop)
    {
        if (await DirectoryVersion.ReadAsync(storage, stop) is null) throw new DirectoryNotReadyException();
    }

    public void Dispose() => _refreshing.Dispose();

    private DirectoryView? Fresh() =>
        _remembered is { } kept && time.GetElapsedTime(kept.ReadAt) < _keep ? kept.View : null;

    private async Task<DirectoryView> RefreshAsync(CancellationToken stop)
    {
        var now = time.GetTimestamp();
        var version = await DirectoryVersion.ReadAsync(storage, stop) ?? throw new DirectoryNotReadyException();
        var view = Latest is { } known && known.Version == version.Version ? known : await ReadAsync(version.Version, stop);
        _remembered = new Remembered(view, now);
        return view;
    }

    private async Task<DirectoryView> ReadAsync(string version, CancellationToken stop)
    {
        var domains = await RowsAsync(TableNames.Domains, DirectoryEntities.Everything, stop);
        var users = (await RowsAsync(TableNames.Users, partition: null, stop)).ToLookup(e => e.PartitionKey, StringComparer.Ordinal);
        var devices = (await RowsAsync(TableNames.Devices, partition: null, stop))
            .ToLookup(e => (e.PartitionKey, e.GetString("User")), entities.ReadDevice);
        var trunks = await RowsAsync(TableNames.Trunks, DirectoryEntities.Everything, stop);
        var keys = await RowsAsync(TableNames.Keys, DirectoryEntities.Everything, stop);
        return new DirectoryView(
            version,
            domains.Select(d => DirectoryEntities.ReadDomain(d, users[d.RowKey]))
                .ToFrozenDictionary(d => d.Name, StringComparer.Ordinal),
            keys.Select(DirectoryEntities.ReadKey).ToFrozenDictionary(k => k.Id, StringComparer.Ordinal),
            new DirectorySnapshot(
                [.. domains.Select(d => new DomainEntry(d.RowKey, [.. users[d.RowKey].Select(u => User(u, devices))]))],
                [.. trunks.Where(t => t.GetBoolean("Enabled") ?? true).Select(entities.ReadTrunk)]));
    }

    private static UserEntry User(TableEntity user, ILookup<(string, string), DeviceEntry> devices) =>
        DirectoryEntities.ReadUser(user, [.. devices[(user.PartitionKey, user.RowKey)]]);

    private async Task<List<TableEntity>> RowsAsync(string table, string? partition, CancellationToken stop)
    {
        var filter = partition is null ? null : TableClient.CreateQueryFilter($"PartitionKey eq {partition}");
        var rows = new List<TableEntity>();
        await foreach (var row in storage.Tables.GetTableClient(table).QueryAsync<TableEntity>(filter, cancellationToken: stop)) rows.Add(row);
        return rows;
    }

    private sealed record Remembered(DirectoryView View, long ReadAt);
}
