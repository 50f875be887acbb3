using System.Text.Json;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
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

    /// <summary>As many as a queue shows at once.</summary>
    private const int MostPeeked = 32;

    private readonly QueueClient _queue = storage.Queues.GetQueueClient(QueueName);

    public async Task SendAsync(DeliveryTask task, TimeSpan delay, CancellationToken stop)
    {
        var hidden = delay < TimeSpan.Zero ? TimeSpan.Zero : delay > Longest ? Longest : delay;
        await _queue.SendMessageAsync(JsonSerializer.Serialize(task with { DueAt = time.GetUtcNow() + hidden }, AppJson.Default.DeliveryTask), hidden, EventEnvelope.Forever, stop);
    }

    /// <summary>How long the one that waits longest of those that could be taken now has waited beyond its time; zero where there is none.</summary>
    public async Task<TimeSpan> OldestAsync(CancellationToken stop)
    {
        var seen = (await _queue.PeekMessagesAsync(MostPeeked, stop)).Value;
        var now = time.GetUtcNow();
        return seen.Select(message => now - DueAt(message)).Append(TimeSpan.Zero).Max();
    }

    // What cannot be read waits since it came.
    private static DateTimeOffset DueAt(PeekedMessage message)
    {
        try
        {
            return JsonSerializer.Deserialize(message.Body, AppJson.Default.DeliveryTask)?.DueAt ?? message.InsertedOn ?? DateTimeOffset.MaxValue;
        }
        catch (JsonException)
        {
            return message.InsertedOn ?? DateTimeOffset.MaxValue;
        }
    }
}
