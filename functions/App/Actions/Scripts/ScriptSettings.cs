using System.Text.Json;
using Azure.Data.Tables;
using ClickToDial.App.Adapters;
using ClickToDial.Core.Actions;

namespace ClickToDial.App.Actions.Scripts;

/// <summary>What an administrator lets the scripts of a domain do. Nothing of it until it is said.</summary>
/// <param name="Eval">Text under <c>__.eval</c> is handed on to the web phone, which runs it with all that its page may do.</param>
public sealed record ScriptSettings(FetchHosts Hosts, bool Eval)
{
    private const string Row = "settings";

    public static async Task<ScriptSettings> ReadAsync(StorageClients storage, string domain, CancellationToken stop)
    {
        var found = await Table(storage).GetEntityIfExistsAsync<TableEntity>(domain, Row, cancellationToken: stop);
        if (!found.HasValue) return new ScriptSettings(FetchHosts.None, Eval: false);
        var hosts = JsonSerializer.Deserialize<string[]>(found.Value!.GetString("FetchHosts")) ?? [];
        return new ScriptSettings(new FetchHosts(hosts), found.Value.GetBoolean("Eval") ?? false);
    }

    public Task WriteAsync(StorageClients storage, string domain, CancellationToken stop) => Table(storage).UpsertEntityAsync(
        new TableEntity(domain, Row) { ["FetchHosts"] = JsonSerializer.Serialize(Hosts.Entries), ["Eval"] = Eval }, TableUpdateMode.Replace, stop);

    private static TableClient Table(StorageClients storage) => storage.Tables.GetTableClient(TableNames.ScriptSettings);
}
