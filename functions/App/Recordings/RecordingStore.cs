using Azure;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using ClickToDial.App.Adapters;

namespace ClickToDial.App.Recordings;

/// <summary>Table Recordings, partition by domain and row by id, and the blobs <c>domain/id.wav</c>. The row is written last: what has one is whole.</summary>
public sealed class RecordingStore(StorageClients storage)
{
    // Read ahead at a time: each is a request of its own, with a short deadline.
    private const int ReadBytes = 256 * 1024;

    private readonly TableClient _table = storage.Tables.GetTableClient(TableNames.Recordings);
    private readonly BlobContainerClient _blobs = storage.Blobs.GetBlobContainerClient(RecordingOrder.ContainerName);

    public async Task<RecordingRow?> FindAsync(string domain, string id, CancellationToken stop)
    {
        var found = await _table.GetEntityIfExistsAsync<TableEntity>(domain, id, cancellationToken: stop);
        return found.HasValue ? Read(found.Value!) : null;
    }

    public async Task<IReadOnlyList<RecordingRow>> OfCallAsync(string domain, string callId, CancellationToken stop)
    {
        var rows = new List<RecordingRow>();
        // A dot follows the call's id; a slash is the next character.
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {domain} and RowKey ge {callId + "."} and RowKey lt {callId + "/"}");
        await foreach (var row in _table.QueryAsync<TableEntity>(filter, cancellationToken: stop)) rows.Add(Read(row));
        return rows;
    }

    public BlockBlobClient Blob(string domain, string id) => _blobs.GetBlockBlobClient($"{domain}/{id}.wav");

    public async Task<Stream> OpenAsync(RecordingRow row, CancellationToken stop) =>
        await Blob(row.Domain, row.Id).OpenReadAsync(new BlobOpenReadOptions(allowModifications: false) { BufferSize = ReadBytes }, stop);

    public Task KeepAsync(RecordingOrder order, CancellationToken stop) => _table.UpsertEntityAsync(
        new TableEntity(order.Domain, order.Id)
        {
            ["User"] = order.User,
            ["CallId"] = order.CallId.Value,
            ["EndedAt"] = order.EndedAt,
            ["Seconds"] = order.Recording.Seconds,
            ["Bytes"] = order.Recording.Bytes,
            ["Sha256"] = order.Recording.Sha256,
            ["Problem"] = order.Recording.Problem,
        },
        TableUpdateMode.Replace,
        stop);

    /// <summary>The sound first, so that no sound lies without a row that leads to it.</summary>
    public async Task PurgeAsync(DateTimeOffset before, CancellationToken stop)
    {
        await foreach (var row in _table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"EndedAt lt {before}"), cancellationToken: stop))
        {
            await Blob(row.PartitionKey, row.RowKey).DeleteIfExistsAsync(cancellationToken: stop);
            await _table.DeleteEntityAsync(row.PartitionKey, row.RowKey, ETag.All, stop);
        }
    }

    private static RecordingRow Read(TableEntity e) => new(
        e.PartitionKey, e.RowKey, e.GetString("CallId"), e.GetString("User"), e.GetDateTimeOffset("EndedAt") ?? default,
        e.GetDouble("Seconds") ?? 0, e.GetInt64("Bytes") ?? 0, e.GetString("Sha256"), e.GetString("Problem"));
}
