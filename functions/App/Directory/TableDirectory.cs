using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text.Json;
using Azure.Data.Tables;
using ClickToDial.App.Adapters;
using ClickToDial.App.Hosting;
using ClickToDial.Contracts.Directory;
using ClickToDial.Core.Directory;
using Microsoft.Extensions.Logging;

namespace ClickToDial.App.Directory;

/// <summary>
/// The directory from its tables, remembered for a few seconds. After that the version row is asked; only when the version has
/// changed are the tables read again. However many ask, one reading is under way; its failure is theirs all, for a moment, so that
/// storage which hangs is not asked once for each of them.
/// </summary>
public sealed partial class TableDirectory(
    StorageClients storage, DirectoryEntities entities, DirectoryOptions options, StorageOptions limits,
    AppMetrics metrics, TimeProvider time, ILogger<TableDirectory> logger)
    : IDirectoryReader
{
    private static readonly TimeSpan KeepFailure = TimeSpan.FromSeconds(1);

    /// <summary>Reading all tables may take so many times the wait for one answer; those who ask wait for one answer only.</summary>
    private const int WholeReading = 6;

    private readonly Lock _gate = new();
    private readonly TimeSpan _keep = TimeSpan.FromSeconds(options.CacheSeconds);
    private readonly TimeSpan _patience = TimeSpan.FromSeconds(limits.TimeoutSeconds);
    private volatile Remembered? _remembered;
    private Task<DirectoryView>? _refreshing;
    private long _failedAt;

    public DirectoryView? Latest => _remembered?.View;

    public async ValueTask<DirectoryView> GetAsync(CancellationToken stop) =>
        Fresh() ?? await Refreshing().WaitAsync(_patience, time, stop);

    public void Forget()
    {
        if (_remembered is { } kept) _remembered = kept with { ReadAt = time.GetTimestamp() - (long)((_keep.TotalSeconds + 1) * time.TimestampFrequency) };
    }

    public async Task CheckAsync(CancellationToken stop)
    {
        if (await WithinAsync(_patience, DirectoryVersionAsync, stop) is null) throw new DirectoryNotReadyException();
    }

    private DirectoryView? Fresh() =>
        _remembered is { } kept && time.GetElapsedTime(kept.ReadAt) < _keep ? kept.View : null;

    private Task<DirectoryView> Refreshing()
    {
        lock (_gate)
        {
            if (_refreshing is { IsCompleted: false }) return _refreshing;
            if (_refreshing is { IsFaulted: true } && time.GetElapsedTime(_failedAt) < KeepFailure) return _refreshing;
            // Somebody may have finished between our look and the lock.
            if (Fresh() is { } view) return Task.FromResult(view);
            // It is nobody's own: not the budget, nor the trace, of the request that happens to begin it.
            using (ExecutionContext.SuppressFlow()) return _refreshing = Task.Run(RefreshAsync);
        }
    }

    private async Task<DirectoryView> RefreshAsync()
    {
        try
        {
            var now = time.GetTimestamp();
            var version = await WithinAsync(_patience, DirectoryVersionAsync) ?? throw new DirectoryNotReadyException();
            var view = Latest is { } known && known.Version == version.Version
                ? known
                : await WithinAsync(_patience * WholeReading, stop => ReadAsync(version.Version, stop));
            _remembered = new Remembered(view, now);
            return view;
        }
        catch (OperationCanceledException e)
        {
            // A deadline of ours: told as a failure, which a cancelled task would not be to all who wait.
            throw new TimeoutException("Storage did not answer in time.", e);
        }
        finally
        {
            _failedAt = time.GetTimestamp();
        }
    }

    private Task<DirectoryVersion?> DirectoryVersionAsync(CancellationToken stop) => DirectoryVersion.ReadAsync(storage, stop);

    private async Task<T> WithinAsync<T>(TimeSpan limit, Func<CancellationToken, Task<T>> work, CancellationToken stop = default)
    {
        using var deadline = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, deadline.Token);
        return await work(either.Token);
    }

    private async Task<DirectoryView> ReadAsync(string version, CancellationToken stop)
    {
        var domains = await RowsAsync(TableNames.Domains, DirectoryEntities.Everything, stop);
        var users = (await RowsAsync(TableNames.Users, partition: null, stop)).ToLookup(e => e.PartitionKey, StringComparer.Ordinal);
        var deviceRows = await RowsAsync(TableNames.Devices, partition: null, stop);
        var devices = deviceRows
            .SelectMany(e => Readable(TableNames.Devices, e, entities.ReadDevice, d => (Key: (e.PartitionKey, e.GetString("User")), Device: d)))
            .ToLookup(d => d.Key, d => d.Device);
        // That is no bad row but the wrong encryption key: workers had better keep what they have.
        if (devices.Count == 0 && deviceRows.Count > 0) throw new CryptographicException("No device of the directory can be read.");
        var trunks = await RowsAsync(TableNames.Trunks, DirectoryEntities.Everything, stop);
        var keys = await RowsAsync(TableNames.Keys, DirectoryEntities.Everything, stop);
        return new DirectoryView(
            version,
            domains.SelectMany(d => Readable(TableNames.Domains, d, e => entities.ReadDomain(e, users[e.RowKey]), view => view))
                .ToFrozenDictionary(d => d.Name, StringComparer.Ordinal),
            keys.SelectMany(k => Readable(TableNames.Keys, k, DirectoryEntities.ReadKey, key => key)).ToFrozenDictionary(k => k.Id, StringComparer.Ordinal),
            new DirectorySnapshot(
                [.. domains.Select(d => new DomainEntry(d.RowKey, [.. users[d.RowKey].Select(u => User(u, devices))], Policy(d, users[d.RowKey]),
                    DirectoryEntities.ReadSounds(d), Readable(TableNames.Domains, d, entities.ReadHooks, hooks => hooks).FirstOrDefault()))],
                [.. trunks.Where(t => t.GetBoolean("Enabled") ?? true).SelectMany(t => Readable(TableNames.Trunks, t, entities.ReadTrunk, trunk => trunk))]));
    }

    // A policy that cannot be read allows nothing outside.
    private DomainPolicy Policy(TableEntity domain, IEnumerable<TableEntity> users) =>
        Readable(TableNames.Domains, domain, d => DirectoryEntities.ReadDevicePolicy(d, users), policy => policy).FirstOrDefault() ?? new DomainPolicy([], []);

    private static UserEntry User(TableEntity user, ILookup<(string, string), DeviceEntry> devices) =>
        DirectoryEntities.ReadUser(user, [.. devices[(user.PartitionKey, user.RowKey)]]);

    /// <summary>One row or none: a row that cannot be read takes nobody else's telephone away.</summary>
    private TResult[] Readable<T, TResult>(string table, TableEntity row, Func<TableEntity, T> read, Func<T, TResult> use)
    {
        try
        {
            return [use(read(row))];
        }
        catch (Exception e) when (e is FormatException or JsonException or ArgumentException or InvalidOperationException or CryptographicException)
        {
            LogSkipped(table, row.PartitionKey, row.RowKey, e.GetType().Name);
            metrics.RowSkipped(table);
            return [];
        }
    }

    [LoggerMessage(1051, LogLevel.Error, "Row {Partition}/{Row} of table {Table} cannot be read ({Fault}) and is left out")]
    private partial void LogSkipped(string table, string partition, string row, string fault);

    private async Task<List<TableEntity>> RowsAsync(string table, string? partition, CancellationToken stop)
    {
        var filter = partition is null ? null : TableClient.CreateQueryFilter($"PartitionKey eq {partition}");
        var rows = new List<TableEntity>();
        await foreach (var row in storage.Tables.GetTableClient(table).QueryAsync<TableEntity>(filter, cancellationToken: stop)) rows.Add(row);
        return rows;
    }

    private sealed record Remembered(DirectoryView View, long ReadAt);
}
