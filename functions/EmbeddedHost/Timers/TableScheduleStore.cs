using Azure.Data.Tables;
using ClickToDial.EmbeddedHost.Functions;

namespace ClickToDial.EmbeddedHost.Timers;

/// <summary>One row per function in a table of the host's storage account.</summary>
internal sealed class TableScheduleStore(TableClient table, string app) : IScheduleStore
{
    public const string TableName = "EmbeddedHostTimers";

    public async Task<ScheduleStatus?> ReadAsync(string function, CancellationToken cancel)
    {
        await table.CreateIfNotExistsAsync(cancel);
        var found = await table.GetEntityIfExistsAsync<TableEntity>(app, function, cancellationToken: cancel);
        if (!found.HasValue || found.Value is not { } row) return null;
        return new ScheduleStatus { Last = Time(row, "Last"), Next = Time(row, "Next"), LastUpdated = Time(row, "LastUpdated") };
    }

    public Task WriteAsync(string function, ScheduleStatus status, CancellationToken cancel) =>
        table.UpsertEntityAsync(
            new TableEntity(app, function)
            {
                ["Last"] = status.Last.Ticks,
                ["Next"] = status.Next.Ticks,
                ["LastUpdated"] = status.LastUpdated.Ticks,
            },
            TableUpdateMode.Replace,
            cancel);

    /// <summary>As ticks: a table's own dates begin in 1601, and "never" is the year 1.</summary>
    private static DateTime Time(TableEntity row, string name) => new(row.GetInt64(name) ?? 0, DateTimeKind.Utc);
}
