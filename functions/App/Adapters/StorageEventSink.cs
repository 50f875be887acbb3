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

    public Task EnqueueAsync(ReadOnlyMemory<byte> body, string source, CancellationToken stop, string? domain = null) => WithinDeadlineAsync(
        async either =>
        {
            var now = time.GetUtcNow();
            var envelope = body.Length <= EventEnvelope.LargestInline
                ? new EventEnvelope(now, source, Body: body.ToArray(), Domain: domain)
                : new EventEnvelope(now, source, Blob: await StoreAsync(body, either), Domain: domain);
            await _queue.SendMessageAsync(
                JsonSerializer.Serialize(envelope, AppJson.Default.EventEnvelope), visibilityTimeout: null, EventEnvelope.Forever, either);
        },
        stop);

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
