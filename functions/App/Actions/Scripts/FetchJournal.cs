using System.Text;
using System.Text.Json.Nodes;
using Azure;
using Azure.Data.Tables;
using ClickToDial.App.Adapters;

namespace ClickToDial.App.Actions.Scripts;

/// <summary>Which requests with an effect were begun, and what they were answered: rows <c>f|request</c> of the table ScriptValues.</summary>
internal sealed class FetchJournal(StorageClients storage, TimeProvider time)
{
    /// <summary>A property holds 64 KiB at most.</summary>
    private const int PartBytes = 60_000;

    private readonly TableClient _table = storage.Tables.GetTableClient(TableNames.ScriptValues);

    /// <returns>Null when it is to be sent now; else what became of it.</returns>
    public async Task<JsonObject?> BeginAsync(ScriptCaller caller, CancellationToken stop)
    {
        try
        {
            await _table.AddEntityAsync(new TableEntity(caller.Domain, Row(caller)) { ["RequestedAt"] = time.GetUtcNow() }, stop);
            return null;
        }
        catch (RequestFailedException e) when (e.Status == 409)
        {
            var row = (await _table.GetEntityAsync<TableEntity>(caller.Domain, Row(caller), cancellationToken: stop)).Value;
            var bytes = new List<byte>();
            for (var i = 0; row.TryGetValue($"Answer{i}", out var part); i++) bytes.AddRange((byte[])part);
            return bytes.Count > 0 ? JsonNode.Parse(bytes.ToArray())!.AsObject() : Unknown();
        }
    }

    public Task EndAsync(ScriptCaller caller, JsonObject answer, CancellationToken stop)
    {
        var row = new TableEntity(caller.Domain, Row(caller));
        foreach (var (part, i) in Encoding.UTF8.GetBytes(answer.ToJsonString()).Chunk(PartBytes).Select((part, i) => (part, i))) row[$"Answer{i}"] = part;
        return _table.UpsertEntityAsync(row, TableUpdateMode.Merge, stop);
    }

    private static string Row(ScriptCaller caller) => "f|" + caller.Key;

    private static JsonObject Unknown() => new()
    {
        ["error"] = new JsonObject { ["reason"] = "http-outcome-unknown", ["message"] = "It may have been sent: what became of it is not known, and it is not sent again." },
    };
}
