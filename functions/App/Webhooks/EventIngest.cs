using ClickToDial.App.Access;
using ClickToDial.App.Hosting;
using ClickToDial.Contracts.Telemetry;
using ClickToDial.Core.Calls;
using ClickToDial.Core.Problems;
using ClickToDial.Core.Webhooks;
using Microsoft.AspNetCore.Http;

namespace ClickToDial.App.Webhooks;

/// <summary>Takes posts of PBXes: token, address, body, signature, form, queue; in that order.</summary>
public sealed class EventIngest(PbxDoor door, ClientAddresses addresses, IEventSink queue, AppMetrics metrics, TimeProvider time)
{
    public const string TokenHeader = "X-Pbx-Token";

    /// <summary>Of a post as it comes, and again once it is decompressed.</summary>
    public const int BodyLimit = 256 * 1024;

    /// <summary>Null once everything is in the queue.</summary>
    public async Task<Problem?> TakeAsync(HttpRequest request, string? source, string? trigger, CancellationToken stop)
    {
        var visitor = door.Admit(source, request.Headers[TokenHeader], addresses.Of(request));
        if (!visitor.IsOk) return visitor.Problem;
        var body = await RequestBody.ReadJsonAsync(request, stop, BodyLimit, mayBeCompressed: true);
        if (!body.IsOk) return body.Problem;
        if (!IsSigned(visitor.Value, request.Headers, body.Value)) return KnownProblems.SignatureInvalid;
        var plain = await RequestBody.DecompressAsync(request, body.Value, BodyLimit, stop);
        if (!plain.IsOk) return plain.Problem;
        var posted = PostedEvents.Read(plain.Value);
        if (!posted.IsOk) return posted.Problem;
        await EnqueueAsync([.. posted.Value.Select(e => Queued(e, visitor.Value, trigger))], stop);
        return null;
    }

    private async Task EnqueueAsync(IReadOnlyList<QueuedEvent> events, CancellationToken stop)
    {
        try
        {
            await queue.EnqueueAsync(events, stop);
            metrics.Ingested(events.Count);
        }
        catch (QueueUnavailableException)
        {
            metrics.IngestFailed();
            throw;
        }
    }

    /// <summary>Signatures are over the bytes as they were sent, compressed or not.</summary>
    private bool IsSigned(PbxVisitor visitor, IHeaderDictionary headers, byte[] body) =>
        visitor.SigningKeys is null
        || StandardWebhook.Verifies(
            visitor.SigningKeys, headers[StandardWebhook.IdHeader], headers[StandardWebhook.TimestampHeader],
            headers[StandardWebhook.SignatureHeader], body, time.GetUtcNow());

    /// <summary>Ids of events are our own workers'; what another PBX calls an id may be anything, so its events are known by their bytes.</summary>
    private static QueuedEvent Queued(PostedEvent e, PbxVisitor visitor, string? trigger) => new(
        e.Body, EventSources.Pbx, visitor.Domain, visitor.Source, trigger,
        visitor.Domain is null ? e.EventId : null, e.CallId is null ? null : $"{visitor.Domain}|{e.CallId}",
        TraceParent: Spans.Current);
}
