using System.Text.Json;
using Azure;
using Azure.Storage.Blobs;
using ClickToDial.App.Adapters;
using ClickToDial.App.Hosting;

namespace ClickToDial.App.Webhooks;

/// <summary>Reads queued events: the message itself, or the blob it points at.</summary>
public sealed class EventMessages(StorageClients storage)
{
    private readonly BlobContainerClient _bodies = storage.Blobs.GetBlobContainerClient(EventEnvelope.ContainerName);

    /// <exception cref="UnprocessableEventException">The message is no envelope.</exception>
    public static EventEnvelope Open(string message)
    {
        try
        {
            return JsonSerializer.Deserialize(message, AppJson.Default.EventEnvelope)
                ?? throw new UnprocessableEventException("message-not-readable");
        }
        catch (JsonException)
        {
            throw new UnprocessableEventException("message-not-readable");
        }
    }

    /// <returns>Null when the blob is gone: it is only deleted once the event is in, so this message has been processed before.</returns>
    public async Task<ReadOnlyMemory<byte>?> BodyAsync(EventEnvelope envelope, CancellationToken stop)
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
}
