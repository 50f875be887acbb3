using Azure;
using Azure.Data.Tables;
using ClickToDial.App.Adapters;

namespace ClickToDial.App.Actions.Chains;

/// <summary>
/// The entries that agents work through, as little as chains need: <c>q|id</c> waits, <c>u|user</c> is the agent's current one,
/// <c>d|id</c> the last decision about one. An entry is a JSON object, with <c>alt_phone</c> and <c>phone_code</c> to be dialled.
/// </summary>
public sealed class CampaignEntries(StorageClients storage)
{
    private readonly TableClient _table = storage.Tables.GetTableClient(TableNames.CampaignEntries);

    public Task AddAsync(string domain, string id, string json, CancellationToken stop) =>
        _table.UpsertEntityAsync(new TableEntity(domain, "q|" + id) { ["Json"] = json }, TableUpdateMode.Replace, stop);

    public async Task<string?> CurrentAsync(string domain, string user, CancellationToken stop) => (await OfAsync(domain, user, stop))?.GetString("Json");

    /// <summary>Takes the first that waits. Under the same key the same one.</summary>
    public async Task<string?> NextAsync(EntryWork work, CancellationToken stop)
    {
        for (var i = 0; i < OptimisticTable.MaxTries; i++)
        {
            var current = await OfAsync(work.Domain, work.User, stop);
            if (current?.GetString("TakenBy") == work.Key) return current.GetString("Json");
            var filter = TableClient.CreateQueryFilter($"PartitionKey eq {work.Domain} and RowKey ge {"q|"} and RowKey lt {"q}"}");
            TableEntity? first = null;
            await foreach (var row in _table.QueryAsync<TableEntity>(filter, 1, cancellationToken: stop))
            {
                first = row;
                break;
            }
            if (first is null) return null;
            var mine = new TableEntity(work.Domain, "u|" + work.User) { ["Json"] = first.GetString("Json"), ["Id"] = first.RowKey[2..], ["TakenBy"] = work.Key };
            if (await TryTakeAsync(first, current, mine, stop)) return mine.GetString("Json");
        }
        throw new EntityContendedException();
    }

    /// <summary>Keeps the decision about the agent's current entry.</summary>
    /// <returns>The entry; null when there is none.</returns>
    public async Task<string?> SaveAsync(EntryWork work, CancellationToken stop)
    {
        if (await OfAsync(work.Domain, work.User, stop) is not { } current) return null;
        var row = new TableEntity(work.Domain, "d|" + current.GetString("Id")) { ["Decision"] = work.Decision, ["User"] = work.User, ["Json"] = current.GetString("Json") };
        await _table.UpsertEntityAsync(row, TableUpdateMode.Replace, stop);
        return current.GetString("Json");
    }

    private async Task<TableEntity?> OfAsync(string domain, string user, CancellationToken stop)
    {
        var found = await _table.GetEntityIfExistsAsync<TableEntity>(domain, "u|" + user, cancellationToken: stop);
        return found.HasValue ? found.Value : null;
    }

    private async Task<bool> TryTakeAsync(TableEntity first, TableEntity? current, TableEntity mine, CancellationToken stop)
    {
        try
        {
            await _table.SubmitTransactionAsync(
                [
                    new(TableTransactionActionType.Delete, first, first.ETag),
                    current is null ? new(TableTransactionActionType.Add, mine) : new(TableTransactionActionType.UpdateReplace, mine, current.ETag),
                ], stop);
            return true;
        }
        catch (TableTransactionFailedException e) when (e.Status is 404 or 409 or 412)
        {
            return false;
        }
    }
}
