using ClickToDial.App.Actions.Chains;
using ClickToDial.App.Deliveries;
using ClickToDial.App.Directory;
using ClickToDial.App.Recordings;
using ClickToDial.App.Webhooks;

namespace ClickToDial.App.Adapters;

/// <summary>Makes tables, queue and container, then seeds the directory. All of it may be done again.</summary>
public sealed class StoragePreparation(StorageClients storage, DirectorySeeder seeder)
{
    public async Task RunAsync(CancellationToken stop)
    {
        foreach (var table in TableNames.All) await storage.Tables.CreateTableIfNotExistsAsync(table, stop);
        await storage.Queues.GetQueueClient(EventEnvelope.QueueName).CreateIfNotExistsAsync(cancellationToken: stop);
        await storage.Queues.GetQueueClient(StorageDeliveryTasks.QueueName).CreateIfNotExistsAsync(cancellationToken: stop);
        await storage.Queues.GetQueueClient(CallWatch.QueueName).CreateIfNotExistsAsync(cancellationToken: stop);
        await storage.Blobs.GetBlobContainerClient(EventEnvelope.ContainerName).CreateIfNotExistsAsync(cancellationToken: stop);
        await storage.Queues.GetQueueClient(RecordingOrder.QueueName).CreateIfNotExistsAsync(cancellationToken: stop);
        await storage.Blobs.GetBlobContainerClient(RecordingOrder.ContainerName).CreateIfNotExistsAsync(cancellationToken: stop);
        await seeder.SeedAsync(stop);
    }
}
