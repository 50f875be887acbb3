using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Azure;
using Azure.Data.Tables;
using ClickToDial.Core.Pbx;
using ClickToDial.Core.Problems;

namespace ClickToDial.App.Actions.Builders;

/// <summary>
/// A table of what is built: partition is the domain; <c>c|id</c> the newest version, <c>v|id|number</c> every version, <c>n|hash</c>
/// who has a name. Rows of one change are one transaction.
/// </summary>
public sealed class ItemTable(TableClient table)
{
    // A binary property holds 64 KB.
    private const int PartBytes = 60_000;
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Guesses<string> _named = new(10_000);

    public Task<StoredItem?> FindAsync(string domain, string id, CancellationToken stop) => ReadAsync(domain, Current(id), stop);

    public Task<StoredItem?> FindAsync(string domain, string id, int version, CancellationToken stop) => ReadAsync(domain, Old(id, version), stop);

    public async Task<StoredItem?> FindByNameAsync(string domain, string name, CancellationToken stop)
    {
        var row = NameRow(name);
        // Nobody else has the name while an item says that it is its own.
        if (_named.Of(domain, row) is { } guess && await FindAsync(domain, guess, stop) is { } item && item.NameRow == row) return item;
        var found = await table.GetEntityIfExistsAsync<TableEntity>(domain, row, cancellationToken: stop);
        if (!found.HasValue) return null;
        var id = found.Value!.GetString("Id");
        _named.Note(domain, row, id);
        return await FindAsync(domain, id, stop);
    }

    /// <summary>In the order they were made.</summary>
    public Task<List<StoredItem>> ListAsync(string domain, CancellationToken stop) => RangeAsync(domain, "c|", "c}", stop);

    public Task<List<StoredItem>> VersionsAsync(string domain, string id, CancellationToken stop) => RangeAsync(domain, $"v|{id}|", $"v|{id}}}", stop);

    public Task<Problem?> AddAsync(string domain, string id, JsonObject json, string? name, DateTimeOffset now, CancellationToken stop)
    {
        var item = new StoredItem(domain, id, 1, json, now, default, name is null ? null : NameRow(name));
        var actions = new List<TableTransactionAction> { Add(Write(item, Current(id))), Add(Write(item, Old(id, 1))) };
        if (item.NameRow is { } row) actions.Add(Add(new TableEntity(domain, row) { ["Id"] = id }));
        return SubmitAsync(actions, stop);
    }

    public Task<Problem?> ReplaceAsync(StoredItem old, JsonObject json, string? name, DateTimeOffset now, CancellationToken stop)
    {
        var item = old with { Version = old.Version + 1, Json = json, ChangedAt = now, NameRow = name is null ? null : NameRow(name) };
        var actions = new List<TableTransactionAction>
        {
            new(TableTransactionActionType.UpdateReplace, Write(item, Current(item.Id)), old.ETag),
            Add(Write(item, Old(item.Id, item.Version))),
        };
        if (item.NameRow != old.NameRow)
        {
            if (old.NameRow is { } former) actions.Add(new(TableTransactionActionType.Delete, new TableEntity(item.Domain, former), ETag.All));
            if (item.NameRow is { } row) actions.Add(Add(new TableEntity(item.Domain, row) { ["Id"] = item.Id }));
        }
        return SubmitAsync(actions, stop);
    }

    /// <summary>Its versions stay: chains under way run the version they began with.</summary>
    public Task<Problem?> DeleteAsync(StoredItem item, CancellationToken stop)
    {
        var actions = new List<TableTransactionAction> { new(TableTransactionActionType.Delete, new TableEntity(item.Domain, Current(item.Id)), item.ETag) };
        if (item.NameRow is { } row) actions.Add(new(TableTransactionActionType.Delete, new TableEntity(item.Domain, row), ETag.All));
        return SubmitAsync(actions, stop);
    }

    private async Task<Problem?> SubmitAsync(List<TableTransactionAction> actions, CancellationToken stop)
    {
        try
        {
            await table.SubmitTransactionAsync(actions, stop);
            return null;
        }
        catch (TableTransactionFailedException e) when (e.Status is 409 or 404 or 412)
        {
            var isName = e.FailedTransactionActionIndex is { } at && at < actions.Count && actions[at].Entity.RowKey.StartsWith("n|", StringComparison.Ordinal);
            return isName && e.Status == 409 ? KnownProblems.NameTaken with { Field = "name" } : KnownProblems.VersionDiffers;
        }
    }

    private async Task<StoredItem?> ReadAsync(string domain, string row, CancellationToken stop)
    {
        if (!IsKey(row)) return null;
        var found = await table.GetEntityIfExistsAsync<TableEntity>(domain, row, cancellationToken: stop);
        return found.HasValue ? Read(found.Value!) : null;
    }

    private async Task<List<StoredItem>> RangeAsync(string domain, string from, string to, CancellationToken stop)
    {
        var items = new List<StoredItem>();
        if (!IsKey(from)) return items;
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {domain} and RowKey ge {from} and RowKey lt {to}");
        await foreach (var row in table.QueryAsync<TableEntity>(filter, cancellationToken: stop)) items.Add(Read(row));
        return items;
    }

    private static TableTransactionAction Add(TableEntity row) => new(TableTransactionActionType.Add, row);

    private static string Current(string id) => "c|" + id;

    private static string Old(string id, int version) => $"v|{id}|{version.ToString("D10", CultureInfo.InvariantCulture)}";

    private static string NameRow(string name) => "n|" + PbxIds.Key(name.ToUpperInvariant());

    private static bool IsKey(string row) => row.Length <= 128 && row.All(c => char.IsAsciiLetterOrDigit(c) || c is '|' or '-' or '_');

    private static TableEntity Write(StoredItem item, string row)
    {
        var entity = new TableEntity(item.Domain, row) { ["Id"] = item.Id, ["Version"] = item.Version, ["ChangedAt"] = item.ChangedAt, ["NameRow"] = item.NameRow };
        var bytes = JsonSerializer.SerializeToUtf8Bytes((JsonNode)item.Json, Compact);
        foreach (var (part, i) in bytes.Chunk(PartBytes).Select((part, i) => (part, i))) entity[$"Json{i}"] = part;
        return entity;
    }

    private static StoredItem Read(TableEntity e)
    {
        var parts = new List<byte>();
        for (var i = 0; e.TryGetValue($"Json{i}", out var part); i++) parts.AddRange((byte[])part);
        return new StoredItem(
            e.PartitionKey, e.GetString("Id"), e.GetInt32("Version")!.Value, (JsonObject)JsonNode.Parse(parts.ToArray())!,
            e.GetDateTimeOffset("ChangedAt")!.Value, e.ETag, e.GetString("NameRow"));
    }
}
