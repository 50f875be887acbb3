using Azure.Data.Tables;
using ClickToDial.App.Adapters;

namespace ClickToDial.App.Directory;

/// <summary>
/// One row that says which version of the directory is in the tables, so that one small read tells whether anything has changed.
/// Whoever writes to the directory writes a new version last.
/// </summary>
/// <param name="Seed">Mark of the seed that was written last, or null.</param>
public sealed record DirectoryVersion(string Version, string? Seed)
{
    private const string Partition = "version";
    private const string Row = "directory";

    public static async Task<DirectoryVersion?> ReadAsync(StorageClients storage, CancellationToken stop)
    {
        var found = await Table(storage).GetEntityIfExistsAsync<TableEntity>(Partition, Row, cancellationToken: stop);
        return found.HasValue ? new DirectoryVersion(found.Value!.GetString("Version"), found.Value!.GetString("Seed")) : null;
    }

    public static Task WriteAsync(StorageClients storage, string version, string? seed, CancellationToken stop) =>
        Table(storage).UpsertEntityAsync(
            new TableEntity(Partition, Row) { ["Version"] = version, ["Seed"] = seed }, TableUpdateMode.Replace, stop);

    private static TableClient Table(StorageClients storage) => storage.Tables.GetTableClient(TableNames.Domains);
}
