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
    private const string Format = "1";

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
        foreach (var domain in seed.Domains)
        {
            await UpsertAsync(TableNames.Domains, DirectoryEntities.Write(domain), stop);
            foreach (var user in domain.Users)
            {
                await UpsertAsync(TableNames.Users, DirectoryEntities.Write(domain.Name, user), stop);
                foreach (var device in user.Devices)
                    await UpsertAsync(TableNames.Devices, entities.Write(domain.Name, user.Name, device), stop);
            }
        }

        foreach (var trunk in seed.Trunks ?? []) await UpsertAsync(TableNames.Trunks, entities.Write(trunk), stop);
        foreach (var key in seed.ApiKeys ?? []) await UpsertAsync(TableNames.Keys, DirectoryEntities.Write(key), stop);
    }

    private Task<Azure.Response> UpsertAsync(string table, TableEntity entity, CancellationToken stop) =>
        storage.Tables.GetTableClient(table).UpsertEntityAsync(entity, TableUpdateMode.Replace, stop);

    [LoggerMessage(1050, LogLevel.Information, "Seeded {Domains} domains, {Users} users and {Trunks} trunks")]
    private partial void LogSeeded(int domains, int users, int trunks);
}
