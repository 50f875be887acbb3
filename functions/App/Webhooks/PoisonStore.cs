using System.Security.Cryptography;
using System.Text;
using Azure.Data.Tables;
using ClickToDial.App.Adapters;

namespace ClickToDial.App.Webhooks;

/// <summary>
/// Table PoisonEvents: messages that no retry will make good, each with the reason, until somebody has mended the cause and replays
/// them. They never expire. Row keys are newest first; the same message set aside twice is one row.
/// </summary>
public sealed class PoisonStore(StorageClients storage)
{
    /// <summary>Partition of those that belong to no known domain.</summary>
    private const string Nobody = "-";

    private readonly TableClient _table = storage.Tables.GetTableClient(TableNames.PoisonEvents);

    public Task KeepAsync(string? domain, DateTimeOffset at, string reason, string message, CancellationToken stop)
    {
        var bytes = Encoding.UTF8.GetBytes(message);
        var id = CallKeys.Position(at, Convert.ToHexStringLower(SHA256.HashData(bytes))[..32]).Replace('|', '-');
        var row = new TableEntity(domain ?? Nobody, id) { ["At"] = at, ["Reason"] = reason, ["Message"] = bytes };
        return _table.UpsertEntityAsync(row, TableUpdateMode.Replace, stop);
    }

    /// <param name="after">Id of the last of the page before, or null.</param>
    public async Task<(IReadOnlyList<PoisonedEvent> Events, bool MayHaveMore)> ListAsync(string? domain, string? after, int limit, CancellationToken stop)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {domain ?? Nobody} and RowKey gt {after ?? ""}");
        await foreach (var page in _table.QueryAsync<TableEntity>(filter, limit, cancellationToken: stop).AsPages(null, limit))
            return ([.. page.Values.Select(Read)], page.ContinuationToken is not null);
        return ([], false);
    }

    public async Task<PoisonedEvent?> FindAsync(string? domain, string id, CancellationToken stop)
    {
        var found = await _table.GetEntityIfExistsAsync<TableEntity>(domain ?? Nobody, id, cancellationToken: stop);
        return found.HasValue ? Read(found.Value!) : null;
    }

    /// <summary>Names of the blobs that hold bodies of messages set aside.</summary>
    public async Task<IReadOnlySet<string>> BlobsAsync(CancellationToken stop)
    {
        var blobs = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var row in _table.QueryAsync<TableEntity>(select: ["Message"], cancellationToken: stop))
            if (EventMessages.TryOpen(Encoding.UTF8.GetString(row.GetBinary("Message"))) is { Blob: { } name }) blobs.Add(name);
        return blobs;
    }

    public Task ForgetAsync(string? domain, string id, CancellationToken stop) => _table.DeleteEntityAsync(domain ?? Nobody, id, cancellationToken: stop);

    private static PoisonedEvent Read(TableEntity e) => new(
        e.RowKey, e.PartitionKey == Nobody ? null : e.PartitionKey, e.GetDateTimeOffset("At")!.Value, e.GetString("Reason"),
        Encoding.UTF8.GetString(e.GetBinary("Message")));
}
