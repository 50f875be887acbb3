using System.Collections.Concurrent;
using System.Threading.Channels;
using Azure.Data.Tables;
using ClickToDial.App.Adapters;
using ClickToDial.Core.Access;
using Microsoft.Extensions.Logging;

namespace ClickToDial.App.Access;

/// <summary>
/// Table KeyUses: when each API key was last used, to the minute. Written in the background, at most once a minute for each key; a
/// request neither waits for it nor fails with it.
/// </summary>
/// <param name="storage">Made late: the host makes its services before it has all options checked, and the first faulty one would hide the rest.</param>
public sealed partial class KeyUses(Func<StorageClients> storage, TimeProvider time, ILogger<KeyUses> logger) : BackgroundService
{
    private static readonly TimeSpan Apart = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _written = new(StringComparer.Ordinal);

    private readonly Channel<TableEntity> _uses =
        Channel.CreateBounded<TableEntity>(new BoundedChannelOptions(1000) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });

    private TableClient Table => storage().Tables.GetTableClient(TableNames.KeyUses);

    public void Note(ApiKeyRecord key)
    {
        var now = time.GetUtcNow();
        if (_written.TryGetValue(key.Id, out var last) && now - last < Apart) return;
        _written[key.Id] = now;
        _uses.Writer.TryWrite(new TableEntity(key.Domain, key.Id) { ["LastUsedAt"] = now });
    }

    public async Task<IReadOnlyDictionary<string, DateTimeOffset>> OfAsync(string domain, CancellationToken stop)
    {
        var uses = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        await foreach (var row in Table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {domain}"), cancellationToken: stop))
            if (row.GetDateTimeOffset("LastUsedAt") is { } at) uses[row.RowKey] = at;
        return uses;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var use in _uses.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                await Table.UpsertEntityAsync(use, TableUpdateMode.Replace, stoppingToken);
            }
            catch (Exception e) when (StorageFailure.IsUnavailable(e) && !stoppingToken.IsCancellationRequested)
            {
                // The next use in a minute is written again.
                LogNotWritten(StorageFailure.Describe(e));
            }
        }
    }

    [LoggerMessage(1060, LogLevel.Warning, "The last use of an API key could not be written ({Fault})")]
    private partial void LogNotWritten(string fault);
}
