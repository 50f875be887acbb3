using System.Security.Cryptography;
using Azure;
using Azure.Data.Tables;
using ClickToDial.Core.Secrets;

namespace ClickToDial.App.Sealing;

/// <summary>Seals all that one row holds with the present key, unless somebody writes the row meanwhile.</summary>
public sealed class RowSealer(SecretBox box)
{
    public async Task<SealingFate> ResealAsync(TableClient client, SealedTable table, string partition, string row, CancellationToken stop)
    {
        var found = await client.GetEntityIfExistsAsync<TableEntity>(partition, row, cancellationToken: stop);
        if (!found.HasValue || table.OtherKey(found.Value!, box.KeyId) is null) return SealingFate.Settled;
        if (Changed(table, found.Value!) is not { } changed) return SealingFate.Unreadable;
        try
        {
            await client.UpdateEntityAsync(changed, found.Value!.ETag, TableUpdateMode.Merge, stop);
            return SealingFate.Resealed;
        }
        catch (RequestFailedException e) when (e.Status is 404 or 412)
        {
            return SealingFate.Left;
        }
    }

    /// <summary>What is to be written over the row; null where something in it does not open.</summary>
    private TableEntity? Changed(SealedTable table, TableEntity row)
    {
        try
        {
            var held = table.Columns.Where(column => row.GetBinary(column.Column) is not null).ToList();
            if (held.Count == 0) return null;
            var anew = box.Seal([.. held.Select(column => (Open(column, row), column.Place(row.PartitionKey, row.RowKey)))]);
            var changed = new TableEntity(row.PartitionKey, row.RowKey);
            foreach (var (column, value) in held.Zip(anew)) (changed[column.Column], changed[column.KeyColumn]) = (value.Bytes, value.KeyId);
            return changed;
        }
        catch (Exception e) when (e is CryptographicException or InvalidOperationException)
        {
            // Not ours to mend, nor to write over. InvalidOperationException: a column is of another type.
            return null;
        }
    }

    private string Open(SealedColumn column, TableEntity row) =>
        box.Open(new SealedSecret(row.GetString(column.KeyColumn), row.GetBinary(column.Column)), column.Place(row.PartitionKey, row.RowKey));
}
