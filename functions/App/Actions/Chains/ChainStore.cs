using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Azure;
using Azure.Data.Tables;
using ClickToDial.App.Adapters;
using ClickToDial.Core.Actions.Chains;

namespace ClickToDial.App.Actions.Chains;

/// <summary>
/// What chains show (table ChainSteps, a partition for each: <c>head</c>, <c>s|number</c>, <c>z</c> for the end) and which chain an agent
/// is in (table AgentChains).
/// </summary>
public sealed class ChainStore(StorageClients storage)
{
    private const int PartBytes = 60_000;
    private const string ConsoleColumn = "Console";

    private readonly TableClient _steps = storage.Tables.GetTableClient(TableNames.ChainSteps);
    private readonly TableClient _agents = storage.Tables.GetTableClient(TableNames.AgentChains);

    public Task BeginAsync(ChainStart start, DateTimeOffset now, CancellationToken stop)
    {
        var head = new TableEntity(Partition(start.Domain, start.ChainId), "head") { ["User"] = start.User, ["ButtonId"] = start.ButtonId, ["StartedAt"] = now };
        WriteParts(head, "Start", JsonSerializer.SerializeToUtf8Bytes(start));
        return _steps.AddEntityAsync(head, stop);
    }

    /// <summary>What the chain begins with; null when there is no such chain.</summary>
    public async Task<ChainStart?> StartAsync(string domain, string chainId, CancellationToken stop)
    {
        var head = await _steps.GetEntityIfExistsAsync<TableEntity>(Partition(domain, chainId), "head", cancellationToken: stop);
        return head.HasValue && ReadParts(head.Value!, "Start") is { Length: > 0 } json ? JsonSerializer.Deserialize<ChainStart>(json) : null;
    }

    public async Task<ChainRecord?> FindAsync(string domain, string chainId, CancellationToken stop)
    {
        if (chainId.Length > 64 || !chainId.All(char.IsAsciiLetterOrDigit)) return null;
        TableEntity? head = null;
        ChainEnd? end = null;
        var steps = new List<JsonObject>();
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {Partition(domain, chainId)}");
        await foreach (var row in _steps.QueryAsync<TableEntity>(filter, cancellationToken: stop))
        {
            if (row.RowKey == "head") head = row;
            else if (row.RowKey == "z") end = ReadEnd(row);
            else steps.Add(ReadStep(row));
        }
        return head is null ? null : new ChainRecord(chainId, head.GetString("User"), head.GetString("ButtonId"), head.GetDateTimeOffset("StartedAt")!.Value, steps, end);
    }

    /// <summary>What an agent's chain shows from that step on, without what came before; null when that step is not there.</summary>
    public async Task<ChainRecord?> FindTailAsync(string domain, string chainId, string user, int number, CancellationToken stop)
    {
        ChainEnd? end = null;
        var steps = new List<JsonObject>();
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {Partition(domain, chainId)} and RowKey ge {Row(number)}");
        await foreach (var row in _steps.QueryAsync<TableEntity>(filter, cancellationToken: stop))
            if (row.RowKey == "z") end = ReadEnd(row);
            else steps.Add(ReadStep(row));
        return steps.Count == 0 ? null : new ChainRecord(chainId, user, "", default, steps, end);
    }

    public Task ShowAsync(ShowWork work, CancellationToken stop) => _steps.SubmitTransactionAsync(Shown(work), stop);

    /// <summary>The first end counts.</summary>
    public async Task EndAsync(EndWork work, DateTimeOffset now, CancellationToken stop)
    {
        var partition = Partition(work.Domain, work.ChainId);
        var row = new TableEntity(partition, "z") { ["Reason"] = work.Reason, ["Detail"] = work.Detail, ["Status"] = work.Status, ["EndedAt"] = now };
        if (work.Console is { } console) WriteParts(row, ConsoleColumn, Encoding.UTF8.GetBytes(console));
        var actions = new List<TableTransactionAction> { new(TableTransactionActionType.Add, row) };
        if (work.Last is { } last) actions.AddRange(Shown(last));
        if (work.Before is { } before) actions.Add(Result(partition, work.Number, before));
        try
        {
            await _steps.SubmitTransactionAsync(actions, stop);
        }
        catch (TableTransactionFailedException e) when (e.Status == 409)
        {
            // It has ended.
        }
        await LeaveAsync(work.Domain, work.User, work.ChainId, stop);
    }

    /// <summary>The chain that the agent is in or was last taken into, and when.</summary>
    public async Task<AgentChain?> AgentAsync(string domain, string user, CancellationToken stop)
    {
        var found = await _agents.GetEntityIfExistsAsync<TableEntity>(domain, user, cancellationToken: stop);
        return found.HasValue ? new AgentChain(found.Value!.GetString("ChainId"), found.Value.GetDateTimeOffset("StartedAt")!.Value, found.Value.ETag) : null;
    }

    /// <summary>False when somebody else was quicker.</summary>
    public async Task<bool> TryEnterAsync(string domain, string user, string chainId, AgentChain? old, DateTimeOffset now, CancellationToken stop)
    {
        var row = new TableEntity(domain, user) { ["ChainId"] = chainId, ["StartedAt"] = now };
        try
        {
            if (old is null) await _agents.AddEntityAsync(row, stop);
            else await _agents.UpdateEntityAsync(row, old.ETag, TableUpdateMode.Replace, stop);
            return true;
        }
        catch (RequestFailedException e) when (e.Status is 409 or 412 or 404)
        {
            return false;
        }
    }

    public async Task LeaveAsync(string domain, string user, string chainId, CancellationToken stop)
    {
        if (await AgentAsync(domain, user, stop) is not { } agent || agent.ChainId != chainId) return;
        try
        {
            await _agents.DeleteEntityAsync(domain, user, agent.ETag, stop);
        }
        catch (RequestFailedException e) when (e.Status == 412)
        {
            // The agent is in another chain by now.
        }
    }

    /// <summary>What the scripts of a chain printed, in order.</summary>
    public async Task<IReadOnlyList<JsonNode>> ConsoleAsync(string domain, string chainId, CancellationToken stop)
    {
        var printed = new List<JsonNode>();
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {Partition(domain, chainId)}");
        await foreach (var row in _steps.QueryAsync<TableEntity>(filter, cancellationToken: stop))
            if (ReadParts(row, ConsoleColumn) is { Length: > 0 } json) printed.AddRange(((JsonArray)JsonNode.Parse(json)!).Select(line => line!.DeepClone()));
        return printed;
    }

    private static List<TableTransactionAction> Shown(ShowWork work)
    {
        var partition = Partition(work.Domain, work.ChainId);
        var row = new TableEntity(partition, Row(work.Number));
        WriteParts(row, "Json", Encoding.UTF8.GetBytes(work.Step));
        if (work.Console is { } console) WriteParts(row, ConsoleColumn, Encoding.UTF8.GetBytes(console));
        var actions = new List<TableTransactionAction> { new(TableTransactionActionType.UpsertMerge, row) };
        if (work.Before is { } before) actions.Add(Result(partition, work.Number - 1, before));
        return actions;
    }

    private static ChainEnd ReadEnd(TableEntity row) => new(row.GetString("Reason"), row.GetString("Detail"), row.GetInt32("Status"));

    private static JsonObject ReadStep(TableEntity row)
    {
        var step = (JsonObject)JsonNode.Parse(ReadParts(row, "Json"))!;
        if (row.GetString("Result") is { } result) step["result"] = result;
        return step;
    }

    private static void WriteParts(TableEntity row, string name, byte[] bytes)
    {
        foreach (var (part, i) in bytes.Chunk(PartBytes).Select((part, i) => (part, i))) row[$"{name}{i}"] = part;
    }

    private static byte[] ReadParts(TableEntity row, string name)
    {
        var bytes = new List<byte>();
        for (var i = 0; row.TryGetValue($"{name}{i}", out var part); i++) bytes.AddRange((byte[])part);
        return [.. bytes];
    }

    private static TableTransactionAction Result(string partition, int number, string result) =>
        new(TableTransactionActionType.UpsertMerge, new TableEntity(partition, Row(number)) { ["Result"] = result });

    private static string Partition(string domain, string chainId) => $"{domain}|{chainId}";

    private static string Row(int number) => "s|" + number.ToString("D6", CultureInfo.InvariantCulture);
}
