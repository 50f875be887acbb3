using System.Runtime.CompilerServices;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using ClickToDial.App.Hosting;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Events;
using ClickToDial.Core.Calls;

namespace ClickToDial.App.Adapters;

/// <summary>Tables Calls and CallEvents. See <see cref="CallKeys"/> for the rows.</summary>
public sealed class TableCallStore(StorageClients storage, AppMetrics metrics, TimeProvider time) : ICallStore
{
    /// <summary>So many rows are looked through for one page; one answer of the service holds no more.</summary>
    public const int MaxScanned = 1000;

    private const string RowKeyColumn = "CallRowKey";

    private readonly TableClient _calls = storage.Tables.GetTableClient(TableNames.Calls);
    private readonly TableClient _events = storage.Tables.GetTableClient(TableNames.CallEvents);

    public async Task<PlacedCall?> FindPlacedAsync(string domain, string mark, CancellationToken stop)
    {
        var found = await _calls.GetEntityIfExistsAsync<TableEntity>(domain, CallKeys.Placed(mark), cancellationToken: stop);
        return found.HasValue ? CallEntities.ReadPlaced(found.Value!) : null;
    }

    public Task<bool> TryPlaceAsync(string mark, PlacedCall placed, CancellationToken stop)
    {
        var row = CallRecord.Requested(placed);
        return TryWriteAsync([Add(CallEntities.Write(mark, placed)), .. NewRows(row)], stop);
    }

    public Task MarkAcceptedAsync(string domain, string mark, CancellationToken stop) =>
        _calls.UpdateEntityAsync(
            new TableEntity(domain, CallKeys.Placed(mark)) { ["Accepted"] = true }, ETag.All, TableUpdateMode.Merge, stop);

    public async Task<StoredCall?> FindAsync(string domain, CallId callId, CancellationToken stop)
    {
        var rowKey = CallKeys.Call(callId) ?? await FindRowKeyAsync(domain, callId, stop);
        if (rowKey is null) return null;
        var found = await _calls.GetEntityIfExistsAsync<TableEntity>(domain, rowKey, cancellationToken: stop);
        return found.HasValue ? new StoredCall(CallEntities.Read(found.Value!), $"{found.Value!.ETag}\n{rowKey}") : null;
    }

    public Task<bool> TryAddAsync(CallRecord row, CancellationToken stop) => TryWriteAsync(NewRows(row), stop);

    public async Task<bool> TryReplaceAsync(StoredCall old, CallRecord row, CancellationToken stop)
    {
        var version = old.Version.Split('\n');
        var update = new TableTransactionAction(
            TableTransactionActionType.UpdateReplace, CallEntities.Write(row, version[1]), new ETag(version[0]));
        // The same among the user's calls, with all of its columns, so that a list reads no row that it does not show.
        var copy = new TableTransactionAction(
            TableTransactionActionType.UpsertReplace, CallEntities.Write(row, CallKeys.OfUser(row.User, version[1])));
        if (row.IsOpen || !old.Row.IsOpen) return await TryWriteAsync([update, copy], stop);
        var open = new TableEntity(row.Domain, CallKeys.Open(row.CallId));
        try
        {
            return await TryWriteAsync([update, copy, new TableTransactionAction(TableTransactionActionType.Delete, open, ETag.All)], stop);
        }
        catch (RequestFailedException e) when (e.Status == 404 && e.ErrorCode != "TableNotFound")
        {
            // The mark of an open call is gone already: the call itself still has to be closed.
            return await TryWriteAsync([update, copy], stop);
        }
    }

    public async Task<CallPage> ListAsync(CallQuery query, CancellationToken stop)
    {
        IReadOnlyList<string> lists = query.AllUsers.Count == 0 ? [CallKeys.First] : [.. query.AllUsers.Select(CallKeys.OfUser)];
        var range = new RangeReader.Range(query.Domain, lists, query.From, query.To, query.After);
        var reader = new RangeReader(_calls, metrics);
        if (query.Offset > 0 && !query.IsFiltered)
        {
            // Of what is passed over only the keys are read.
            var skipped = await SkipAsync(reader.Open(range, query.Offset, ["PartitionKey", "RowKey"]), query.Offset, stop);
            if (skipped is null) return new CallPage([], null);
            range = range with { After = skipped };
            query = query with { Offset = 0 };
        }

        // Rows are looked through here and not by the service: it would look through the whole partition for the next match.
        var rows = reader.Open(range, query.IsSearch ? MaxScanned : query.Offset + query.Limit);
        return await PageAsync(rows, query, stop);
    }

    private static async Task<string?> SkipAsync(RangeReader.Merged rows, int count, CancellationToken stop)
    {
        string? position = null;
        for (var i = 0; i < count; i++)
        {
            if (await rows.NextAsync(stop) is not { } next) return null;
            position = next.Position;
        }

        return position;
    }

    private static async Task<CallPage> PageAsync(RangeReader.Merged rows, CallQuery query, CancellationToken stop)
    {
        var calls = new List<CallRecord>(Math.Min(query.Limit, MaxScanned));
        var (last, scanned, left) = ((string?)null, 0, query.Offset);
        var most = query.EndedOnly ? CallQuery.MaxReach : MaxScanned;
        while (calls.Count < query.Limit && (!query.IsFiltered || scanned < most) && await rows.NextAsync(stop) is { } next)
        {
            var row = CallEntities.Read(next.Row);
            last = next.Position;
            scanned++;
            if (query.Matches(row) && left-- <= 0) calls.Add(row);
        }

        return new CallPage(calls, rows.MayHaveMore ? last : null);
    }

    public async Task<IReadOnlyList<CallRecord>> FindForeignAsync(string domain, string uniqueCallId, CancellationToken stop)
    {
        var reader = new RangeReader(_calls, metrics);
        var rows = reader.Open(new RangeReader.Range(domain, [CallKeys.Foreign(uniqueCallId)], null, null, null), RangeReader.LargestPage);
        var calls = new List<CallRecord>();
        while (await rows.NextAsync(stop) is { } next)
            if (CallId.TryParse(next.Position, out var id) && await FindAsync(domain, id, stop) is { } stored) calls.Add(stored.Row);
        return calls;
    }

    public async IAsyncEnumerable<CallId> OpenAsync(string domain, [EnumeratorCancellation] CancellationToken stop)
    {
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {domain} and RowKey ge {CallKeys.FirstOpen} and RowKey lt {CallKeys.LastOpen}");
        await foreach (var entity in _calls.QueryAsync<TableEntity>(filter, select: ["RowKey"], cancellationToken: stop))
            if (CallId.TryParse(entity.RowKey[CallKeys.FirstOpen.Length..], out var id)) yield return id;
    }

    public async Task KeepEventAsync(CallEvent e, CancellationToken stop)
    {
        var entity = new TableEntity(EventPartition(e.Call.Domain, e.CallId), CallKeys.Event(e))
        {
            ["Body"] = JsonSerializer.SerializeToUtf8Bytes(e, AppJson.Default.CallEvent),
        };
        try
        {
            await _events.AddEntityAsync(entity, stop);
        }
        catch (RequestFailedException failed) when (failed.Status == 409)
        {
            // Kept before: the first telling stands.
        }
    }

    public async Task<IReadOnlyList<CallEvent>> EventsAsync(string domain, CallId callId, CancellationToken stop)
    {
        var events = new List<CallEvent>();
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {EventPartition(domain, callId)}");
        await foreach (var entity in _events.QueryAsync<TableEntity>(filter, cancellationToken: stop))
            events.Add(JsonSerializer.Deserialize(entity.GetBinary("Body"), AppJson.Default.CallEvent)!);
        return events;
    }

    private static string EventPartition(string domain, CallId callId) => $"{domain}|{callId.Value}";

    private async Task<string?> FindRowKeyAsync(string domain, CallId callId, CancellationToken stop)
    {
        var found = await _calls.GetEntityIfExistsAsync<TableEntity>(domain, CallKeys.Index(callId), cancellationToken: stop);
        return found.HasValue ? found.Value!.GetString(RowKeyColumn) : null;
    }

    private List<TableTransactionAction> NewRows(CallRecord row)
    {
        var rowKey = CallKeys.Call(row.CallId);
        var rows = new List<TableTransactionAction>();
        if (rowKey is null)
        {
            rowKey = CallKeys.Call(row.CallId, row.StartedAt ?? time.GetUtcNow());
            rows.Add(Add(new TableEntity(row.Domain, CallKeys.Index(row.CallId)) { [RowKeyColumn] = rowKey }));
        }

        rows.Add(Add(CallEntities.Write(row, rowKey)));
        rows.Add(new TableTransactionAction(TableTransactionActionType.UpsertReplace, CallEntities.Write(row, CallKeys.OfUser(row.User, rowKey))));
        if (row.Pbx?.UniqueCallId is { } unique) rows.Add(Add(new TableEntity(row.Domain, CallKeys.Foreign(unique) + row.CallId.Value)));
        if (row.IsOpen) rows.Add(Add(new TableEntity(row.Domain, CallKeys.Open(row.CallId))));
        return rows;
    }

    private static TableTransactionAction Add(TableEntity entity) => new(TableTransactionActionType.Add, entity);

    /// <summary>All or nothing; false when a row was there already or has changed.</summary>
    private async Task<bool> TryWriteAsync(IReadOnlyList<TableTransactionAction> actions, CancellationToken stop)
    {
        try
        {
            await _calls.SubmitTransactionAsync(actions, stop);
            return true;
        }
        catch (RequestFailedException e) when (e.Status is 409 or 412)
        {
            return false;
        }
    }
}
