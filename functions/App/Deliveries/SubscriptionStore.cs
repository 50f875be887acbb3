using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using ClickToDial.App.Adapters;
using ClickToDial.App.Hosting;
using ClickToDial.App.Sealing;
using ClickToDial.Core.Deliveries;
using ClickToDial.Core.Secrets;

namespace ClickToDial.App.Deliveries;

/// <summary>Table Webhooks, partition by domain: subscriptions, with everything secret sealed.</summary>
public sealed class SubscriptionStore(StorageClients storage, SecretBox box)
{
    private const int MaxTries = 5;

    /// <summary>What it seals.</summary>
    public static SealedTable Sealed { get; } = new(TableNames.Webhooks, [new("Url", "KeyId", UrlPlace), new("Secrets", "KeyId", Place)]);

    private readonly TableClient _table = storage.Tables.GetTableClient(TableNames.Webhooks);

    public Task AddAsync(Subscription subscription, CancellationToken stop) => _table.AddEntityAsync(Write(subscription), stop);

    public async Task<Subscription?> FindAsync(string domain, string id, CancellationToken stop)
    {
        var found = await _table.GetEntityIfExistsAsync<TableEntity>(domain, id, cancellationToken: stop);
        return found.HasValue ? Read(found.Value!) : null;
    }

    public async Task<IReadOnlyList<Subscription>> ListAsync(string domain, CancellationToken stop)
    {
        var all = new List<Subscription>();
        await foreach (var row in _table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {domain}"), cancellationToken: stop)) all.Add(Read(row));
        return all;
    }

    /// <summary>Of all domains.</summary>
    public async Task<IReadOnlyList<(string Domain, string Id)>> AllAsync(CancellationToken stop)
    {
        var all = new List<(string, string)>();
        await foreach (var row in _table.QueryAsync<TableEntity>(select: ["PartitionKey", "RowKey"], cancellationToken: stop)) all.Add((row.PartitionKey, row.RowKey));
        return all;
    }

    /// <summary>Reads, changes and writes it, again if somebody else was quicker.</summary>
    /// <returns>Null when there is none.</returns>
    public async Task<Subscription?> ChangeAsync(string domain, string id, Func<Subscription, Subscription> change, CancellationToken stop)
    {
        for (var i = 0; i < MaxTries; i++)
        {
            var found = await _table.GetEntityIfExistsAsync<TableEntity>(domain, id, cancellationToken: stop);
            if (!found.HasValue) return null;
            var changed = change(Read(found.Value!));
            try
            {
                await _table.UpdateEntityAsync(Write(changed), found.Value!.ETag, TableUpdateMode.Replace, stop);
                return changed;
            }
            catch (RequestFailedException e) when (e.Status is 404 or 412)
            {
                // Read it again.
            }
        }

        throw new EntityContendedException();
    }

    public Task DeleteAsync(string domain, string id, CancellationToken stop) => _table.DeleteEntityAsync(domain, id, cancellationToken: stop);

    private TableEntity Write(Subscription s)
    {
        // A URL often has a token in it.
        var held = box.Seal([(s.Url.AbsoluteUri, UrlPlace(s.Domain, s.Id)), (JsonSerializer.Serialize(s.Secrets, AppJson.Default.WebhookSecrets), Place(s.Domain, s.Id))]);
        return new TableEntity(s.Domain, s.Id)
        {
            ["Url"] = held[0].Bytes,
            ["Style"] = s.Style.ToString(),
            ["Triggers"] = JsonSerializer.Serialize(s.Triggers, AppJson.Default.IReadOnlyListString),
            ["Enabled"] = s.Enabled,
            ["DisabledReason"] = s.DisabledReason,
            ["CreatedAt"] = s.CreatedAt,
            ["Secrets"] = held[1].Bytes,
            ["KeyId"] = held[1].KeyId,
        };
    }

    private Subscription Read(TableEntity row)
    {
        string Open(string column, string place) => box.Open(new SealedSecret(row.GetString("KeyId"), row.GetBinary(column)), place);
        return new Subscription(
            row.RowKey, row.PartitionKey, new Uri(Open("Url", UrlPlace(row.PartitionKey, row.RowKey))), Enum.Parse<PayloadStyle>(row.GetString("Style")),
            JsonSerializer.Deserialize(row.GetString("Triggers"), AppJson.Default.IReadOnlyListString)!, row.GetBoolean("Enabled")!.Value,
            row.GetString("DisabledReason"), row.GetDateTimeOffset("CreatedAt")!.Value,
            JsonSerializer.Deserialize(Open("Secrets", Place(row.PartitionKey, row.RowKey)), AppJson.Default.WebhookSecrets)!);
    }

    private static string Place(string domain, string id) => $"{TableNames.Webhooks}|{domain}|{id}";

    private static string UrlPlace(string domain, string id) => Place(domain, id) + "|Url";
}
