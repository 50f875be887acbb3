using Azure.Storage.Queues;
using ClickToDial.App.Adapters;

namespace ClickToDial.App.Webhooks;

/// <summary>Where messages lie that no retry will make good, until somebody has looked at them: they never expire.</summary>
public sealed class PoisonedEvents(StorageClients storage)
{
    private readonly QueueClient _queue = storage.Queues.GetQueueClient(EventEnvelope.PoisonQueueName);

    public Task KeepAsync(string message, CancellationToken stop) =>
        _queue.SendMessageAsync(message, visibilityTimeout: null, timeToLive: EventEnvelope.Forever, stop);
}
