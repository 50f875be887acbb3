using Azure;
using Azure.Data.Tables;

namespace ClickToDial.App.Adapters;

/// <summary>Changes one entity by reading it, deciding, and writing it back only if nobody else did meanwhile.</summary>
public static class OptimisticTable
{
    /// <summary>So many writers may meet on one entity before the last of them is sent away.</summary>
    public const int MaxTries = 12;

    /// <param name="decide">Gets the entity or null; gives what to write, or null to leave it.</param>
    /// <exception cref="RequestFailedException">Storage failed.</exception>
    /// <exception cref="EntityContendedException">Others were quicker, every time.</exception>
    public static async Task ChangeAsync(
        TableClient table, string partition, string row, Func<TableEntity?, TableEntity?> decide, CancellationToken stop)
    {
        for (var i = 0; i < MaxTries; i++)
        {
            var found = await table.GetEntityIfExistsAsync<TableEntity>(partition, row, cancellationToken: stop);
            var entity = found.HasValue ? found.Value : null;
            if (decide(entity) is not { } changed || await TryWriteAsync(table, entity, changed, stop)) return;
        }

        throw new EntityContendedException();
    }

    private static async Task<bool> TryWriteAsync(TableClient table, TableEntity? old, TableEntity changed, CancellationToken stop)
    {
        try
        {
            if (old is null) await table.AddEntityAsync(changed, stop);
            else await table.UpdateEntityAsync(changed, old.ETag, TableUpdateMode.Replace, stop);
            return true;
        }
        catch (RequestFailedException e) when (e.Status is 409 or 412)
        {
            return false;
        }
    }
}
