using Azure;
using Azure.Data.Tables;
using ClickToDial.App.Adapters;

namespace ClickToDial.App.Sealing;

/// <summary>One row of the table Domains, for all instances: <see cref="SealingState"/>. Of two who write it at once, one does.</summary>
public sealed class SealingStates(StorageClients storage)
{
    private const string Partition = "sealing";
    private const string Row = "state";

    private readonly TableClient _table = storage.Tables.GetTableClient(TableNames.Domains);

    /// <returns>Null before the first, with the tag to write it with.</returns>
    public async Task<(SealingState? State, ETag Tag)> ReadAsync(CancellationToken stop)
    {
        var found = await _table.GetEntityIfExistsAsync<TableEntity>(Partition, Row, cancellationToken: stop);
        if (!found.HasValue) return (null, default);
        var row = found.Value!;
        var state = new SealingState(
            row.GetString("Key"), row.GetDateTimeOffset("Since")!.Value, row.GetDateTimeOffset("WalkedAt"), row.GetInt64("Older")!.Value, row.GetInt64("Unreadable")!.Value);
        return (state, row.ETag);
    }

    /// <param name="tag">Of the state that this one follows; the default for the first.</param>
    /// <returns>Whether nobody else was quicker.</returns>
    public async Task<bool> TryWriteAsync(SealingState state, ETag tag, CancellationToken stop)
    {
        var row = new TableEntity(Partition, Row)
        {
            ["Key"] = state.Key,
            ["Since"] = state.Since,
            ["WalkedAt"] = state.WalkedAt,
            ["Older"] = state.Older,
            ["Unreadable"] = state.Unreadable,
        };
        try
        {
            if (tag == default) await _table.AddEntityAsync(row, stop);
            else await _table.UpdateEntityAsync(row, tag, TableUpdateMode.Replace, stop);
            return true;
        }
        catch (RequestFailedException e) when (e.Status is 404 or 409 or 412)
        {
            return false;
        }
    }
}
