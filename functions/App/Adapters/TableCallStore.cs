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
public sealed class TableCallStore(StorageClients storage, TimeProvider time) : ICallStore
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
        if (row.IsOpen || !old.Row.IsOpen) return await TryWriteAsync([update], stop);
        var open = new TableEntity(row.Domain, CallKeys.Open(row.CallId));
        try
        {
            return await TryWriteAsync([update, new TableTransactionAction(TableTransactionActionType.Delete, open, ETag.All)], stop);
        }
        catch (RequestFailedException e) when (e.Status == 404 && e.ErrorCode != "TableNotFound")
        {
            // The mark of an open call is gone already: the call itself still has to be closed.
            return await TryWriteAsync([update], stop);
        }
    }

    public async Task<CallPage> ListAsync(CallQuery query, CancellationToken stop)
    {
        var calls = new List<CallRecord>(query.Limit);
        string? last = null;
        // Rows are looked through here and not by the service: it would look through the whole partition for the next match.
        var pageSize = query.IsFiltered ? MaxScanned : query.Limit + 1;
        var scanned = 0;
        await foreach (var entity in _calls.QueryAsync<TableEntity>(Filter(query), maxPerPage: pageSize, cancellationToken: stop))
        {
            if (calls.Count == query.Limit || scanned == MaxScanned) return new CallPage(calls, last);
            var row = CallEntities.Read(entity);
            if (query.Matches(row)) calls.Add(row);
            last = entity.RowKey;
            scanned++;
        }

        return new CallPage(calls, null);
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

    private static string Filter(CallQuery query)
    {
        var first = query.To is { } to ? CallKeys.After(to) : CallKeys.First;
        if (query.After is { } after && string.CompareOrdinal(after, first) > 0) first = after;
        var last = query.From is { } from ? CallKeys.After(from) : CallKeys.Last;
        return TableClient.CreateQueryFilter($"PartitionKey eq {query.Domain} and RowKey gt {first} and RowKey lt {last}");
    }
}
