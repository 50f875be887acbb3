using System.Security.Cryptography;
using Azure;
using Azure.Storage.Blobs;
using ClickToDial.App.Adapters;
using ClickToDial.Core.Calls;

namespace ClickToDial.App.Webhooks;

/// <summary>Claim checks: bodies too large for a message lie in a blob, and the message says where.</summary>
public sealed class EventBodies(StorageClients storage)
{
    private readonly BlobContainerClient _bodies = storage.Blobs.GetBlobContainerClient(EventEnvelope.ContainerName);

    /// <summary>What goes into the queue for an event; a large body is in its blob by then.</summary>
    public async Task<EventEnvelope> EnvelopeAsync(QueuedEvent e, DateTimeOffset now, CancellationToken stop)
    {
        var blob = e.Body.Length <= EventEnvelope.LargestInline ? null : await StoreAsync(e.Body, stop);
        return new EventEnvelope(now, e.Source, blob is null ? e.Body.ToArray() : null, blob, e.Domain, e.Sender, e.Trigger, e.TraceParent);
    }

    /// <returns>Null when the blob is gone: it is only deleted once the event is in, so this message has been processed before.</returns>
    public async Task<ReadOnlyMemory<byte>?> ReadAsync(EventEnvelope envelope, CancellationToken stop)
    {
        if (envelope.Body is { } body) return body;
        if (envelope.Blob is not { } name) throw new UnprocessableEventException("message-without-body");
        try
        {
            return (await _bodies.GetBlobClient(name).DownloadContentAsync(stop)).Value.Content.ToMemory();
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return null;
        }
    }

    /// <summary>After it has been processed.</summary>
    public async Task ForgetAsync(EventEnvelope envelope, CancellationToken stop)
    {
        if (envelope.Blob is { } name) await _bodies.DeleteBlobIfExistsAsync(name, cancellationToken: stop);
    }

    // By content: the same event posted again, after an answer was lost, leaves no second blob that nobody deletes.
    private async Task<string> StoreAsync(ReadOnlyMemory<byte> body, CancellationToken stop)
    {
        var name = $"{Convert.ToHexStringLower(SHA256.HashData(body.Span))}.json";
        await _bodies.GetBlobClient(name).UploadAsync(BinaryData.FromBytes(body), overwrite: true, stop);
        return name;
    }
}
