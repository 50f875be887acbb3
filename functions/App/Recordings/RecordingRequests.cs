using System.Text.Json;
using Azure.Storage.Queues;
using ClickToDial.App.Adapters;
using ClickToDial.App.Hosting;
using ClickToDial.App.Webhooks;
using ClickToDial.Contracts.Events;

namespace ClickToDial.App.Recordings;

/// <summary>Asks for the recordings that events of our own workers tell of. Asking twice does nothing more.</summary>
public sealed class RecordingRequests(StorageClients storage)
{
    private readonly QueueClient _queue = storage.Queues.GetQueueClient(RecordingOrder.QueueName);

    public async Task AskAsync(CallEvent e, CancellationToken stop)
    {
        if (e is not { Type: CallEventType.RecordingStopped, Recording: { Location: not null } recording }) return;
        var order = new RecordingOrder(e.Call.Domain, e.CallId, e.Call.User, e.Time, recording);
        if (!order.IsSound) return;
        await _queue.SendMessageAsync(
            JsonSerializer.Serialize(order, AppJson.Default.RecordingOrder), visibilityTimeout: null, timeToLive: EventEnvelope.Forever, stop);
    }
}
