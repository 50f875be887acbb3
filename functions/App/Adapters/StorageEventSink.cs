using System.Security.Cryptography;
using System.Text.Json;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using ClickToDial.App.Hosting;
using ClickToDial.App.Webhooks;
using ClickToDial.Core.Calls;

namespace ClickToDial.App.Adapters;

/// <summary>Puts events into the storage queue; bodies too large for a message go into a blob first.</summary>
public sealed class StorageEventSink(StorageClients storage, WebhookOptions options, TimeProvider time) : IEventSink
{
    private readonly QueueClient _queue = storage.Queues.GetQueueClient(EventEnvelope.QueueName);
    private readonly BlobContainerClient _bodies = storage.Blobs.GetBlobContainerClient(EventEnvelope.ContainerName);

    /// <summary>The events of one post go into one message, as an array: they are in the queue together or not at all.</summary>
    public Task EnqueueAsync(IReadOnlyList<QueuedEvent> events, CancellationToken stop) =>
        WithinDeadlineAsync(either => SendAsync(events.Count == 1 ? events[0] : Together(events), either), stop);

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
        var now = time.GetUtcNow();
        var blob = e.Body.Length <= EventEnvelope.LargestInline ? null : await StoreAsync(e.Body, stop);
        var envelope = new EventEnvelope(now, e.Source, blob is null ? e.Body.ToArray() : null, blob, e.Domain, e.Sender, e.Trigger);
        await _queue.SendMessageAsync(JsonSerializer.Serialize(envelope, AppJson.Default.EventEnvelope), e.Delay, EventEnvelope.Forever, stop);
    }

    public async Task<bool> IsReachableAsync(CancellationToken stop)
    {
        try
        {
            await WithinDeadlineAsync(async either => await _queue.GetPropertiesAsync(either), stop);
            return true;
        }
        catch (QueueUnavailableException)
        {
            return false;
        }
    }

    // By content: the same event posted again, after an answer was lost, leaves no second blob that nobody deletes.
    private async Task<string> StoreAsync(ReadOnlyMemory<byte> body, CancellationToken stop)
    {
        var name = $"{Convert.ToHexStringLower(SHA256.HashData(body.Span))}.json";
        await _bodies.GetBlobClient(name).UploadAsync(BinaryData.FromBytes(body), overwrite: true, stop);
        return name;
    }

    private async Task WithinDeadlineAsync(Func<CancellationToken, Task> send, CancellationToken stop)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(options.QueueTimeoutSeconds), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, deadline.Token);
        try
        {
            await send(either.Token);
        }
        catch (Exception e) when (StorageFailure.IsUnavailable(e) && !stop.IsCancellationRequested)
        {
            throw new QueueUnavailableException(e);
        }
    }
}
