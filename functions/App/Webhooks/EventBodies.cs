using System.Security.Cryptography;
using System.Text;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
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
        var blob = e.Body.Length <= EventEnvelope.LargestInline ? null : await StoreAsync(e, stop);
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

    /// <summary>
    /// Deletes what nobody came for: of an event that was sent again after it had been processed Service Bus drops the message, and its
    /// blob stays.
    /// </summary>
    /// <param name="before">Stored, or last stored again, before that.</param>
    /// <param name="needed">Names that a message set aside still says.</param>
    /// <param name="prefix">Of names; all when null.</param>
    public async Task ForgetLeftAsync(DateTimeOffset before, IReadOnlySet<string> needed, CancellationToken stop, string? prefix = null)
    {
        await foreach (var blob in _bodies.GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix, stop))
        {
            if (!(blob.Properties.LastModified < before) || needed.Contains(blob.Name)) continue;
            try
            {
                // Unless it is stored again right now.
                var unchanged = new BlobRequestConditions { IfMatch = blob.Properties.ETag };
                await _bodies.GetBlobClient(blob.Name).DeleteIfExistsAsync(conditions: unchanged, cancellationToken: stop);
            }
            catch (RequestFailedException e) when (e.Status == 412)
            {
                // It was.
            }
        }
    }

    // By content and sender: the same event posted again, after an answer was lost, leaves no second blob that nobody deletes, and the same
    // bytes of two senders are two events.
    private async Task<string> StoreAsync(QueuedEvent e, CancellationToken stop)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{e.Source}\n{e.Domain}\n{e.Sender}\n{e.Trigger}\n"));
        hash.AppendData(e.Body.Span);
        var name = $"{Convert.ToHexStringLower(hash.GetHashAndReset())}.json";
        await _bodies.GetBlobClient(name).UploadAsync(BinaryData.FromBytes(e.Body), overwrite: true, stop);
        return name;
    }
}
