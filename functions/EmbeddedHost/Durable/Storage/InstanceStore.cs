using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using ClickToDial.EmbeddedHost.Durable.History;

namespace ClickToDial.EmbeddedHost.Durable.Storage;

/// <summary>
/// Instances in one table, one partition each: head, history, inbox, outbox. Only the holder of the head's ETag writes
/// history; everybody may add to the inbox. Throws <see cref="RequestFailedException"/> as the storage client does.
/// </summary>
internal sealed class InstanceStore(TableClient table)
{
    /// <summary>Null when an instance of this id exists.</summary>
    public async Task<ETag?> TryCreateAsync(InstanceState state, Message start, CancellationToken cancel)
    {
        var partition = DurableKeys.Escape(state.InstanceId);
        try
        {
            return await WriteStartAsync(partition, new(TableTransactionActionType.Add, StateRow.Full(partition, state)), start, cancel);
        }
        catch (RequestFailedException e) when (e.Status == 409)
        {
            return null;
        }
    }

    /// <summary>Starts an instance that has ended over; null when it changed meanwhile.</summary>
    public async Task<ETag?> TryReplaceAsync(InstanceState state, Message start, StoredInstance old, CancellationToken cancel)
    {
        var partition = DurableKeys.Escape(state.InstanceId);
        var head = new TableTransactionAction(TableTransactionActionType.UpdateReplace, StateRow.Full(partition, state), old.ETag);
        await DeleteAsync(state.InstanceId, [.. old.Inbox.SelectMany(m => m.Rows), .. old.Outbox.SelectMany(m => m.Rows)], cancel);
        try
        {
            var etag = await WriteStartAsync(partition, head, start, cancel);
            await DeleteAsync(state.InstanceId, [.. old.HistoryRows, .. old.Garbage], cancel);
            return etag;
        }
        catch (RequestFailedException e) when (e.Status is 404 or 409 or 412)
        {
            return null;
        }
    }

    /// <summary>Rows that a start message occupies in the inbox of a new instance.</summary>
    public static IReadOnlyList<string> StartRows(Message start) => Keys(ChunkedText.Write("", DurableKeys.Start(0), HistoryJson.Write(start)));

    /// <summary>Makes a host the owner of an instance as it was read; null when it changed meanwhile.</summary>
    public async Task<StoredInstance?> TryOwnAsync(StoredInstance stored, string host, CancellationToken cancel)
    {
        var after = stored.State with { Owner = host, CommitId = Guid.NewGuid().ToString("N") };
        var row = StateRow.Difference(DurableKeys.Escape(after.InstanceId), stored.State, after);
        try
        {
            var answer = await table.UpdateEntityAsync(row, stored.ETag, TableUpdateMode.Merge, cancel);
            return stored with { State = after, ETag = TableBatches.ETagOf(answer) };
        }
        catch (RequestFailedException e) when (e.Status is 404 or 412)
        {
            return null;
        }
    }

    public async Task<(InstanceState State, ETag ETag)?> ReadStateAsync(string instanceId, CancellationToken cancel)
    {
        var found = await table.GetEntityIfExistsAsync<TableEntity>(
            DurableKeys.Escape(instanceId), DurableKeys.State, cancellationToken: cancel);
        return found is { HasValue: true, Value: { } row } ? (StateRow.Read(row), row.ETag) : null;
    }

    public async Task<StoredInstance?> LoadAsync(string instanceId, CancellationToken cancel)
    {
        var partition = DurableKeys.Escape(instanceId);
        var rows = await RowsAsync(TableClient.CreateQueryFilter($"PartitionKey eq {partition}"), cancel);
        var head = rows.Find(row => string.Equals(row.RowKey, DurableKeys.State, StringComparison.Ordinal));
        return head is null ? null : StoredInstance.From(head, rows);
    }

    /// <summary>Messages in the inbox now.</summary>
    public async Task<IReadOnlyList<Message>> ReadInboxAsync(string instanceId, CancellationToken cancel)
    {
        var partition = DurableKeys.Escape(instanceId);
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {"m"} and RowKey lt {"n"}");
        return StoredInstance.Messages(await RowsAsync(filter, cancel));
    }

    /// <summary>Puts a message into an inbox; under the same key it is there once.</summary>
    public async Task<Message> AddMessageAsync(string instanceId, string key, Message message, CancellationToken cancel)
    {
        var rows = ChunkedText.Write(DurableKeys.Escape(instanceId), key, HistoryJson.Write(message));
        if (rows.Count == 1) await table.UpsertEntityAsync(rows[0], TableUpdateMode.Replace, cancel);
        else await table.SubmitTransactionAsync(rows.Select(TableBatches.Upsert), cancel);
        return message with { Rows = Keys(rows) };
    }

    /// <summary>Stores a step: one transaction unless it is very large.</summary>
    public async Task<CommitReceipt> CommitAsync(InstanceCommit commit, ETag etag, CancellationToken cancel)
    {
        var before = commit.Before;
        var partition = DurableKeys.Escape(before.InstanceId);
        List<TableEntity> history = commit.Turn is { } turn
            ? ChunkedText.Write(partition, DurableKeys.Turn(before.Generation, before.Turns), HistoryJson.Write(turn))
            : [];
        var inbox = commit.Inbox
            .Select((m, i) => (Item: m, Rows: ChunkedText.Write(partition, DurableKeys.Start(i), HistoryJson.Write(m)))).ToList();
        var outbox = commit.Outbox
            .Select((m, i) => (Item: m, Rows: ChunkedText.Write(
                partition, DurableKeys.Outgoing(before.Generation, before.Turns, i), HistoryJson.Write(m)))).ToList();
        var head = StateRow.Difference(partition, before, commit.After);
        List<TableEntity> writes = [.. history, .. inbox.SelectMany(m => m.Rows), .. outbox.SelectMany(m => m.Rows)];
        // A start message of the next execution may take the key of one that this step used up.
        var written = writes.Select(row => row.RowKey).ToHashSet(StringComparer.Ordinal);
        var deletes = commit.Deletes.Where(key => !written.Contains(key)).ToList();
        return new CommitReceipt(
            await TableBatches.CommitAsync(table, head, writes, deletes, etag, cancel),
            Keys(history),
            [.. inbox.Select(m => m.Item with { Rows = Keys(m.Rows) })],
            [.. outbox.Select(m => m.Item with { Rows = Keys(m.Rows) })]);
    }

    public Task DeleteAsync(string instanceId, IReadOnlyList<string> rows, CancellationToken cancel) =>
        TableBatches.DeleteAsync(table, DurableKeys.Escape(instanceId), rows, cancel);

    /// <summary>Removes an instance; its head goes last, so that an interrupted purge can be repeated.</summary>
    public async Task PurgeAsync(string instanceId, CancellationToken cancel)
    {
        var partition = DurableKeys.Escape(instanceId);
        var rows = await RowsAsync(TableClient.CreateQueryFilter($"PartitionKey eq {partition}"), cancel, ["PartitionKey", "RowKey"]);
        await DeleteAsync(instanceId, [.. Keys(rows).Where(key => !string.Equals(key, DurableKeys.State, StringComparison.Ordinal))], cancel);
        await table.DeleteEntityAsync(partition, DurableKeys.State, ETag.All, cancel);
    }

    /// <summary>Heads in the order of their keys, a page at a time.</summary>
    public async IAsyncEnumerable<(IReadOnlyList<InstanceState> States, string? Next)> QueryAsync(
        string filter, int pageSize, string? continuation, [EnumeratorCancellation] CancellationToken cancel)
    {
        var pages = table.QueryAsync<TableEntity>(filter, pageSize, cancellationToken: cancel).AsPages(continuation, pageSize);
        await foreach (var page in pages.WithCancellation(cancel))
            yield return ([.. page.Values.Select(StateRow.Read)], page.ContinuationToken);
    }

    private async Task<List<TableEntity>> RowsAsync(string filter, CancellationToken cancel, IEnumerable<string>? select = null)
    {
        var rows = new List<TableEntity>();
        await foreach (var row in table.QueryAsync<TableEntity>(filter, select: select, cancellationToken: cancel)) rows.Add(row);
        return rows;
    }

    private async Task<ETag> WriteStartAsync(string partition, TableTransactionAction head, Message start, CancellationToken cancel)
    {
        var rows = ChunkedText.Write(partition, DurableKeys.Start(0), HistoryJson.Write(start));
        var answers = await table.SubmitTransactionAsync([head, .. rows.Select(TableBatches.Upsert)], cancel);
        return TableBatches.ETagOf(answers.Value[0]);
    }

    private static List<string> Keys(List<TableEntity> rows) => rows.ConvertAll(row => row.RowKey);
}
