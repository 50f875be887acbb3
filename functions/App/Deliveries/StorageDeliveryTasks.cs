using System.Text.Json;
using Azure.Storage.Queues;
using ClickToDial.App.Adapters;
using ClickToDial.App.Hosting;
using ClickToDial.App.Webhooks;
using ClickToDial.Core.Deliveries;

namespace ClickToDial.App.Deliveries;

/// <summary>The storage queue of deliveries.</summary>
public sealed class StorageDeliveryTasks(StorageClients storage, TimeProvider time) : IDeliveryTasks
{
    public const string QueueName = "webhook-deliveries";

    /// <summary>Azure Storage: a message can be hidden for seven days.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    private readonly QueueClient _queue = storage.Queues.GetQueueClient(QueueName);

    public async Task SendAsync(DeliveryTask task, TimeSpan delay, CancellationToken stop)
    {
        var hidden = delay < TimeSpan.Zero ? TimeSpan.Zero : delay > Longest ? Longest : delay;
        await _queue.SendMessageAsync(JsonSerializer.Serialize(task with { DueAt = time.GetUtcNow() + hidden }, AppJson.Default.DeliveryTask), hidden, EventEnvelope.Forever, stop);
    }
}
