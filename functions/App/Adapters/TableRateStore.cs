using System.Text.Json;
using Azure.Data.Tables;
using ClickToDial.App.Hosting;
using ClickToDial.Core.Destinations;

namespace ClickToDial.App.Adapters;

/// <summary>Table CallRates: one row per user, partition by domain.</summary>
public sealed class TableRateStore(StorageClients storage, TimeProvider time) : IRateStore
{
    private readonly TableClient _table = storage.Tables.GetTableClient(TableNames.CallRates);

    public async Task<TimeSpan?> CountAsync(string domain, string user, string mark, int limit, CancellationToken stop)
    {
        TimeSpan? wait = null;
        await OptimisticTable.ChangeAsync(
            _table,
            domain,
            user,
            entity =>
            {
                var now = time.GetUtcNow();
                var before = Read(entity);
                var after = before.Count(mark, now, limit);
                wait = after is null ? before.WaitFrom(now) : null;
                return after is null || ReferenceEquals(before, after) ? null : Write(domain, user, after);
            },
            stop);
        return wait;
    }

    private static RateWindow Read(TableEntity? entity) =>
        entity?.GetString("Calls") is { } json
            ? new RateWindow([.. JsonSerializer.Deserialize(json, AppJson.Default.IReadOnlyListEntry)!])
            : RateWindow.Empty;

    private static TableEntity Write(string domain, string user, RateWindow window) => new(domain, user)
    {
        ["Calls"] = JsonSerializer.Serialize(window.Entries, AppJson.Default.IReadOnlyListEntry),
    };
}
