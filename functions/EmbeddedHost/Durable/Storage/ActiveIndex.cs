using Azure;
using Azure.Data.Tables;

namespace ClickToDial.EmbeddedHost.Durable.Storage;

/// <summary>
/// The instances that have not ended, in one partition, so that a host finds what to run without reading all history ever
/// written. An entry is there before its instance is, and goes after everything the instance owes others is done.
/// </summary>
internal sealed class ActiveIndex(TableClient table)
{
    private const string Partition = "active";

    /// <summary>Adds or overwrites the entry.</summary>
    public async Task<ETag> SetAsync(string instanceId, string owner, CancellationToken cancel)
    {
        var row = new TableEntity(Partition, DurableKeys.Escape(instanceId)) { ["InstanceId"] = instanceId, ["Owner"] = owner };
        return TableBatches.ETagOf(await table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancel));
    }

    /// <summary>Tells the host that runs the instance, whichever it is, that there is something in its inbox.</summary>
    public async Task KnockAsync(string instanceId, CancellationToken cancel)
    {
        var row = new TableEntity(Partition, DurableKeys.Escape(instanceId)) { ["InstanceId"] = instanceId };
        await table.UpsertEntityAsync(row, TableUpdateMode.Merge, cancel);
    }

    public async Task RemoveAsync(string instanceId, CancellationToken cancel) =>
        await table.DeleteEntityAsync(Partition, DurableKeys.Escape(instanceId), ETag.All, cancel);

    public async Task<IReadOnlyList<ActiveInstance>> ListAsync(CancellationToken cancel)
    {
        var found = new List<ActiveInstance>();
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {Partition}");
        await foreach (var row in table.QueryAsync<TableEntity>(filter, cancellationToken: cancel))
            found.Add(new ActiveInstance(row.GetString("InstanceId"), row.GetString("Owner") ?? "", row.ETag, row.Timestamp ?? default));
        return found;
    }
}
