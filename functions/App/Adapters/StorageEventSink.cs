using System.Text.Json;
using Azure.Storage.Queues;
using ClickToDial.App.Hosting;
using ClickToDial.App.Webhooks;
using ClickToDial.Core.Calls;

namespace ClickToDial.App.Adapters;

/// <summary>Puts events into the storage queue; bodies too large for a message go into a blob first.</summary>
public sealed class StorageEventSink(StorageClients storage, EventBodies bodies, QueueDeadline deadline, TimeProvider time) : IEventSink
{
    private readonly QueueClient _queue = storage.Queues.GetQueueClient(EventEnvelope.QueueName);

    /// <summary>The events of one post go into one message, as an array: they are in the queue together or not at all.</summary>
    public Task EnqueueAsync(IReadOnlyList<QueuedEvent> events, CancellationToken stop) =>
        deadline.RunAsync(either => SendAsync(events.Count == 1 ? events[0] : Together(events), either), StorageFailure.IsUnavailable, stop);

    public async Task<bool> IsReachableAsync(CancellationToken stop)
    {
        try
        {
            await deadline.RunAsync(async either => await _queue.GetPropertiesAsync(either), StorageFailure.IsUnavailable, stop);
            return true;
        }
        catch (QueueUnavailableException)
        {
            return false;
        }
    }

    private static QueuedEvent Together(IReadOnlyList<QueuedEvent> events)
    {
        using var body = new MemoryStream();
        body.WriteByte((byte)'[');
        for (var i = 0; i < events.Count; i++)
        {
            if (i > 0) body.WriteByte((byte)',');
            body.Write(events[i].Body.Span);
        }

        body.WriteByte((byte)']');
        return events[0] with { Body = body.ToArray() };
    }

    private async Task SendAsync(QueuedEvent e, CancellationToken stop)
    {
        var envelope = await bodies.EnvelopeAsync(e, time.GetUtcNow(), stop);
        await _queue.SendMessageAsync(JsonSerializer.Serialize(envelope, AppJson.Default.EventEnvelope), e.Delay, EventEnvelope.Forever, stop);
    }
}
