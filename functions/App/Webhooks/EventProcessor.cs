using System.Diagnostics;
using System.Text.Json;
using ClickToDial.App.Hosting;
using ClickToDial.App.Hosting.Telemetry;
using ClickToDial.Contracts.Telemetry;
using ClickToDial.Core.Calls;
using ClickToDial.Core.Directory;
using ClickToDial.Core.Webhooks;
using Microsoft.Extensions.Logging;

namespace ClickToDial.App.Webhooks;

/// <summary>
/// Takes one queued message: a step of a call, something else that a PBX tells, or a reminder of a missing step. May run twice for a
/// message, and for two messages of a call at once. What can never be taken is set aside with the reason.
/// </summary>
public sealed partial class EventProcessor(
    CallLog log, PbxEventTaker pbx, HandOn handOn, EventBodies bodies, PoisonStore poison, IDirectoryReader directory,
    AppMetrics metrics, TimeProvider time, ILogger<EventProcessor> logger)
{
    /// <summary>What can never be taken ends in the table of events set aside; whatever else fails is thrown, and the queue gives the message back.</summary>
    /// <param name="isFirst">The queue gives it for the first time.</param>
    public async Task TakeAsync(string message, bool isFirst, CancellationToken stop)
    {
        try
        {
            await ProcessAsync(message, isFirst, SetAsideAsync, stop);
        }
        catch (UnprocessableEventException e)
        {
            await SetAsideAsync(e, EventMessages.TryOpen(message)?.ReceivedAt ?? time.GetUtcNow(), message, stop);
        }
    }

    /// <exception cref="UnprocessableEventException">It can never be taken.</exception>
    public Task ProcessAsync(string message, CancellationToken stop) => ProcessAsync(message, false, null, stop);

    /// <param name="setAside">For one event of several; null to throw.</param>
    private async Task ProcessAsync(string message, bool isFirst, Func<UnprocessableEventException, DateTimeOffset, string, CancellationToken, Task>? setAside, CancellationToken stop)
    {
        try
        {
            var envelope = EventMessages.Open(message);
            using var span = Begin(envelope, isFirst);
            if (await bodies.ReadAsync(envelope, stop) is not { } body) return;
            if (setAside is not null && EventMessages.TrySplit(body) is { } events)
                foreach (var e in events) await TakeOneOfManyAsync(e, envelope, setAside, stop);
            else await TakeOneAsync(body, envelope, stop);
            await bodies.ForgetAsync(envelope, stop);
        }
        catch (UnprocessableEventException e)
        {
            LogUnprocessable(e.Reason);
            throw;
        }
    }

    private async Task TakeOneOfManyAsync(
        ReadOnlyMemory<byte> body, EventEnvelope envelope,
        Func<UnprocessableEventException, DateTimeOffset, string, CancellationToken, Task> setAside, CancellationToken stop)
    {
        try
        {
            await TakeOneAsync(body, envelope, stop);
        }
        catch (UnprocessableEventException e)
        {
            LogUnprocessable(e.Reason);
            // Cut where it is too long for a row: so long it is no event of ours, and its beginning shows what it was.
            var alone = body.Length <= EventEnvelope.LargestInline ? body : body[..EventEnvelope.LargestInline];
            await setAside(e, envelope.ReceivedAt, EventMessages.Write(envelope with { Body = alone.ToArray(), Blob = null }), stop);
        }
    }

    private Task TakeOneAsync(ReadOnlyMemory<byte> body, EventEnvelope envelope, CancellationToken stop) => envelope.Source switch
    {
        EventSources.Gap => handOn.GiveUpGapAsync(ReadGap(body), stop),
        _ when EventMessages.IsCallEvent(body.Span) => log.TakeAsync(body, envelope, stop),
        _ => pbx.TakeAsync(body, envelope, stop),
    };

    private async Task SetAsideAsync(UnprocessableEventException e, DateTimeOffset at, string message, CancellationToken stop)
    {
        var owner = e.Domain is { } domain && (await directory.GetAsync(stop)).Domains.ContainsKey(domain) ? domain : null;
        await poison.KeepAsync(owner, at, e.Reason, message, stop);
        metrics.Poisoned();
    }

    private static GapCheck ReadGap(ReadOnlyMemory<byte> body) =>
        JsonSerializer.Deserialize(body.Span, AppJson.Default.GapCheck) ?? throw new UnprocessableEventException("event-not-readable");

    // How long it lay in the queue: what is tried again, or looks after a gap, waits on purpose.
    private Activity? Begin(EventEnvelope envelope, bool isFirst)
    {
        if (isFirst && envelope.Source != EventSources.Gap) metrics.Dequeued("events", time.GetUtcNow() - envelope.ReceivedAt);
        return AppTrace.Source.Begin("process event", ActivityKind.Consumer, envelope.TraceParent)?.SetTag("event.source", envelope.Source);
    }

    [LoggerMessage(1040, LogLevel.Warning, "A queued event cannot be processed: {Reason}")]
    private partial void LogUnprocessable(string reason);
}
