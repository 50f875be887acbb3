using Azure;
using Azure.Data.Tables;

namespace ClickToDial.EmbeddedHost.Durable.Storage;

/// <summary>Transactions of one partition within the limits of the service.</summary>
internal static class TableBatches
{
    // A transaction has at most 100 entities and 4 MiB; a character may take six bytes on the wire (\u1234).
    private const int RowsInTransaction = 95;
    private const int CharsInTransaction = 600_000;

    /// <summary>
    /// Writes rows under the protection of a head row. Each transaction begins with the head and its ETag, so nobody but its
    /// holder gets anything in; the last one changes the head, and only then do the rows count.
    /// </summary>
    /// <param name="deletes">Done with the last transaction; fewer than 90.</param>
    /// <returns>The head's new ETag.</returns>
    public static async Task<ETag> CommitAsync(
        TableClient table, TableEntity head, List<TableEntity> writes, IReadOnlyList<string> deletes, ETag etag, CancellationToken cancel)
    {
        for (var at = 0; ;)
        {
            var batch = Next(writes, at, RowsInTransaction - deletes.Count);
            at += batch.Count;
            var isLast = at == writes.Count;
            // Before the last one the head is only a fence: unchanged, with a new ETag.
            var first = isLast ? head : new TableEntity(head.PartitionKey, head.RowKey);
            List<TableTransactionAction> actions =
            [
                new(TableTransactionActionType.UpdateMerge, first, etag),
                .. batch.Select(Upsert),
                .. isLast ? deletes.Select(key => Delete(head.PartitionKey, key)) : [],
            ];
            var answers = await table.SubmitTransactionAsync(actions, cancel);
            etag = ETagOf(answers.Value[0]);
            if (isLast) return etag;
        }
    }

    /// <summary>Removes rows; those that are gone already do not matter.</summary>
    public static async Task DeleteAsync(TableClient table, string partition, IReadOnlyList<string> rows, CancellationToken cancel)
    {
        foreach (var some in rows.Chunk(RowsInTransaction))
        {
            try
            {
                await table.SubmitTransactionAsync(some.Select(key => Delete(partition, key)), cancel);
            }
            catch (RequestFailedException e) when (e.Status == 404)
            {
                foreach (var key in some) await table.DeleteEntityAsync(partition, key, ETag.All, cancel);
            }
        }
    }

    public static TableTransactionAction Upsert(TableEntity row) => new(TableTransactionActionType.UpsertReplace, row);

    public static ETag ETagOf(Response answer) =>
        answer.Headers.ETag ?? throw new InvalidDataException("The storage did not say the ETag of what it wrote.");

    private static List<TableEntity> Next(List<TableEntity> writes, int from, int most)
    {
        var chars = 0;
        var batch = new List<TableEntity>();
        for (var i = from; i < writes.Count && batch.Count < most; i++)
        {
            chars += ChunkedText.Length(writes[i]);
            if (batch.Count > 0 && chars > CharsInTransaction) break;
            batch.Add(writes[i]);
        }
        return batch;
    }

    private static TableTransactionAction Delete(string partition, string key) =>
        new(TableTransactionActionType.Delete, new TableEntity(partition, key), ETag.All);
}
