using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Azure;
using Azure.Data.Tables;
using ClickToDial.App.Adapters;

namespace ClickToDial.App.Actions.Scripts;

/// <summary>
/// The values that scripts of a domain keep. A change and the answer to it are one transaction under the key of the request, so a
/// request that is repeated changes nothing and gets the same answer. Rows: <c>k|key in hex</c>, <c>a|request</c>.
/// </summary>
public sealed class ScriptValues(StorageClients storage, ScriptOptions options, TimeProvider time)
{
    public const int MaxKey = 128;
    public const int MaxValue = 32_000;
    public const int MostKeys = 1000;
    private const int MaxTtlSeconds = 365 * 24 * 3600;

    private readonly TableClient _table = storage.Tables.GetTableClient(TableNames.ScriptValues);

    public async Task<JsonNode?> GetAsync(string domain, string key, CancellationToken stop)
    {
        var found = await _table.GetEntityIfExistsAsync<TableEntity>(domain, Row(key), cancellationToken: stop);
        return found.HasValue && IsAlive(found.Value!) ? JsonNode.Parse(found.Value!.GetString("Json")) : null;
    }

    public async Task<JsonArray> KeysAsync(string domain, string prefix, CancellationToken stop)
    {
        var from = prefix.Length == 0 ? "k|" : Row(prefix);
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {domain} and RowKey ge {from} and RowKey lt {from + "~"}");
        var keys = new JsonArray();
        await foreach (var row in _table.QueryAsync<TableEntity>(filter, cancellationToken: stop))
        {
            if (!IsAlive(row)) continue;
            keys.Add(Encoding.UTF8.GetString(Convert.FromHexString(row.RowKey.AsSpan(2))));
            if (keys.Count == MostKeys) break;
        }
        return keys;
    }

    /// <param name="seconds">Life of the value; null for good.</param>
    public Task<JsonNode?> SetAsync(string domain, string request, string key, JsonNode? value, int? seconds, CancellationToken stop)
    {
        var text = value?.ToJsonString() ?? "null";
        if (text.Length > MaxValue) throw new ScriptRequestException("value-too-long", $"A value has at most {MaxValue} characters as JSON.");
        if (seconds is < 1 or > MaxTtlSeconds) throw new ScriptRequestException("ttl-invalid", "The ttl must be 1 second to a year.");
        return ChangeAsync(domain, request, key, _ => (text, seconds is { } s ? time.GetUtcNow().AddSeconds(s) : null, null), stop);
    }

    /// <summary>Adds to a number that begins with 0, and keeps its life.</summary>
    public Task<JsonNode?> IncrementAsync(string domain, string request, string key, long by, CancellationToken stop) =>
        ChangeAsync(domain, request, key, old => Incremented(old, by), stop);

    public Task<JsonNode?> DeleteAsync(string domain, string request, string key, CancellationToken stop) =>
        ChangeAsync(domain, request, key, old => (null, null, JsonValue.Create(old is not null)), stop);

    private static (string?, DateTimeOffset?, JsonNode?) Incremented(TableEntity? old, long by)
    {
        var now = 0L;
        if (old is not null && !long.TryParse(old.GetString("Json"), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out now))
            throw new ScriptRequestException("value-no-number", "The value is no whole number.");
        var sum = (Int128)now + by;
        if (sum < long.MinValue || sum > long.MaxValue) throw new ScriptRequestException("value-too-large", "The number would be too large.");
        return (sum.ToString(CultureInfo.InvariantCulture), old?.GetDateTimeOffset("ExpiresAt"), JsonValue.Create((long)sum));
    }

    private async Task<JsonNode?> ChangeAsync(
        string domain, string request, string key, Func<TableEntity?, (string? Json, DateTimeOffset? ExpiresAt, JsonNode? Answer)> decide, CancellationToken stop)
    {
        for (var i = 0; i < OptimisticTable.MaxTries; i++)
        {
            var found = await _table.GetEntityIfExistsAsync<TableEntity>(domain, Row(key), cancellationToken: stop);
            var old = found.HasValue ? found.Value : null;
            var (json, expires, answer) = decide(old is not null && IsAlive(old) ? old : null);
            if (json is not null && SizeOf(key, json) > (old?.GetInt32("Size") ?? 0)) await CheckRoomAsync(domain, Row(key), SizeOf(key, json), stop);
            var actions = new List<TableTransactionAction> { new(TableTransactionActionType.Add, Answered(domain, request, answer)) };
            if (Change(domain, key, old, json, expires) is { } change) actions.Add(change);
            try
            {
                await _table.SubmitTransactionAsync(actions, stop);
                return answer;
            }
            catch (TableTransactionFailedException e) when (e.Status is 409 or 412 or 404)
            {
                var before = await _table.GetEntityIfExistsAsync<TableEntity>(domain, "a|" + request, cancellationToken: stop);
                if (before.HasValue) return JsonNode.Parse(before.Value!.GetString("Json"));
            }
        }
        throw new EntityContendedException();
    }

    /// <summary>Writers that meet may pass the bound together, by one value each.</summary>
    private async Task CheckRoomAsync(string domain, string row, int size, CancellationToken stop)
    {
        var (keys, bytes) = (1, (long)size);
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {domain} and RowKey ge {"k|"} and RowKey lt {"k}"} and RowKey ne {row}");
        await foreach (var other in _table.QueryAsync<TableEntity>(filter, select: ["ExpiresAt", "Size"], cancellationToken: stop))
        {
            if (!IsAlive(other)) continue;
            keys++;
            bytes += other.GetInt32("Size") ?? 0;
        }
        if (keys > options.MostKeys) throw new ScriptRequestException("kv-full", $"Scripts of a domain keep at most {options.MostKeys} values.");
        if (bytes > options.MostKilobytes * 1024L) throw new ScriptRequestException("kv-full", $"Scripts of a domain keep at most {options.MostKilobytes} KiB.");
    }

    private static int SizeOf(string key, string json) => Encoding.UTF8.GetByteCount(key) + Encoding.UTF8.GetByteCount(json);

    private static TableTransactionAction? Change(string domain, string key, TableEntity? old, string? json, DateTimeOffset? expires)
    {
        if (json is null) return old is null ? null : new(TableTransactionActionType.Delete, old, old.ETag);
        var changed = new TableEntity(domain, Row(key)) { ["Json"] = json, ["ExpiresAt"] = expires, ["Size"] = SizeOf(key, json) };
        return old is null ? new(TableTransactionActionType.Add, changed) : new(TableTransactionActionType.UpdateReplace, changed, old.ETag);
    }

    private TableEntity Answered(string domain, string request, JsonNode? answer) =>
        new(domain, "a|" + request) { ["Json"] = answer?.ToJsonString() ?? "null", ["RequestedAt"] = time.GetUtcNow() };

    private bool IsAlive(TableEntity row) => row.GetDateTimeOffset("ExpiresAt") is not { } until || until > time.GetUtcNow();

    private static string Row(string key)
    {
        var bytes = Encoding.UTF8.GetBytes(key);
        if (bytes.Length is 0 or > MaxKey) throw new ScriptRequestException("key-invalid", $"A key has 1 to {MaxKey} bytes.");
        return "k|" + Convert.ToHexStringLower(bytes);
    }
}
