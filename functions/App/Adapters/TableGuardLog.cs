using System.Globalization;
using Azure.Data.Tables;
using ClickToDial.Core.Guard;

namespace ClickToDial.App.Adapters;

/// <summary>Table GuardEvents: partition by domain, newest first.</summary>
public sealed class TableGuardLog(StorageClients storage) : IGuardLog
{
    private readonly TableClient _table = storage.Tables.GetTableClient(TableNames.GuardEvents);

    public Task AddAsync(GuardEvent told, CancellationToken stop)
    {
        var ticks = (DateTimeOffset.MaxValue.UtcTicks - told.At.UtcTicks).ToString("D19", CultureInfo.InvariantCulture);
        return _table.UpsertEntityAsync(
            new TableEntity(told.Domain, $"{ticks}|{told.Rule}|{told.User}") { ["User"] = told.User, ["Rule"] = told.Rule, ["At"] = told.At },
            TableUpdateMode.Replace, stop);
    }

    public async Task<IReadOnlyList<GuardEvent>> ListAsync(string domain, int limit, CancellationToken stop)
    {
        var told = new List<GuardEvent>(limit);
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {domain}");
        await foreach (var row in _table.QueryAsync<TableEntity>(filter, maxPerPage: limit, cancellationToken: stop))
        {
            if (told.Count == limit) break;
            told.Add(new GuardEvent(domain, row.GetString("User"), row.GetString("Rule"), row.GetDateTimeOffset("At") ?? default));
        }

        return told;
    }
}
