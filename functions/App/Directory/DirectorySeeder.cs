using Azure.Data.Tables;
using ClickToDial.App.Adapters;
using ClickToDial.Core.Directory;
using Microsoft.Extensions.Logging;

namespace ClickToDial.App.Directory;

/// <summary>
/// Writes the seed into the tables: everything is an upsert, so a crash half-way is mended by the next start. What is no longer in
/// the seed stays in the tables.
/// </summary>
public sealed partial class DirectorySeeder(
    StorageClients storage, DirectoryOptions options, DirectoryEntities entities, ILogger<DirectorySeeder> logger)
{
    /// <summary>Changes when the same seed would be written differently.</summary>
    private const string Format = "5";

    /// <summary>Actions in one transaction, at most (Azure Table storage).</summary>
    private const int Batch = 100;

    public async Task SeedAsync(CancellationToken stop)
    {
        var version = await DirectoryVersion.ReadAsync(storage, stop);
        if (options.SeedFile.Length == 0)
        {
            if (version is null) await DirectoryVersion.WriteAsync(storage, "empty", seed: null, stop);
            return;
        }

        var (seed, hash) = DirectorySeed.Read(options.SeedFile);
        var mark = $"{Format}-{options.EncryptionKey.Split(':')[0]}-{hash}";
        if (version?.Seed == mark) return;
        await WriteAsync(seed, stop);
        // Last: readers keep the old version until all of the new one is there.
        await DirectoryVersion.WriteAsync(storage, mark, mark, stop);
        LogSeeded(seed.Domains.Count, seed.Domains.Sum(d => d.Users.Count), seed.Trunks?.Count ?? 0);
    }

    private async Task WriteAsync(Seed seed, CancellationToken stop)
    {
        await UpsertAsync(TableNames.Domains, seed.Domains.Select(entities.Write), stop);
        await UpsertAsync(TableNames.Users, seed.Domains.SelectMany(d => d.Users.Select(u => entities.Write(d.Name, u))), stop);
        await UpsertAsync(
            TableNames.Devices,
            seed.Domains.SelectMany(d => d.Users.SelectMany(u => u.Devices.Select(device => entities.Write(d.Name, u.Name, device)))), stop);
        await UpsertAsync(TableNames.Trunks, (seed.Trunks ?? []).Select(entities.Write), stop);
        await UpsertAsync(TableNames.Keys, (seed.ApiKeys ?? []).Select(DirectoryEntities.Write), stop);
    }

    /// <summary>As many rows of a partition at once as a transaction takes.</summary>
    private async Task UpsertAsync(string table, IEnumerable<TableEntity> rows, CancellationToken stop)
    {
        var client = storage.Tables.GetTableClient(table);
        var batches = rows.GroupBy(r => r.PartitionKey, StringComparer.Ordinal).SelectMany(g => g.Chunk(Batch));
        foreach (var batch in batches)
            await client.SubmitTransactionAsync(batch.Select(r => new TableTransactionAction(TableTransactionActionType.UpsertReplace, r)), stop);
    }

    [LoggerMessage(1050, LogLevel.Information, "Seeded {Domains} domains, {Users} users and {Trunks} trunks")]
    private partial void LogSeeded(int domains, int users, int trunks);
}
