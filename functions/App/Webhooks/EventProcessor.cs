using System.Text.Json;
using ClickToDial.App.Hosting;
using ClickToDial.Contracts.Events;
using ClickToDial.Core.Calls;
using ClickToDial.Core.Directory;
using Microsoft.Extensions.Logging;

namespace ClickToDial.App.Webhooks;

/// <summary>
/// Writes one event into the timeline and the call's row. May run twice for a message, and for two messages of a call at once:
/// the timeline takes an event once, and the row is only replaced as it was read.
/// </summary>
public sealed partial class EventProcessor(
    ICallStore calls, EventMessages messages, IDirectoryReader directory, AppMetrics metrics, TimeProvider time, ILogger<EventProcessor> logger)
{
    private const int MaxTries = 20;
    private static readonly TimeSpan DomainPatience = TimeSpan.FromMinutes(5);

    public async Task ProcessAsync(string message, CancellationToken stop)
    {
        try
        {
            var envelope = EventMessages.Open(message);
            if (await messages.BodyAsync(envelope, stop) is not { } body) return;
            var e = Parse(body, envelope);
            await CheckDomainAsync(e.Call.Domain, envelope, stop);
            if (!CallClosing.IsClosing(e)) await calls.KeepEventAsync(e, stop);
            var (row, change) = await ApplyAsync(e, envelope, stop);
            // An end made up here goes into the timeline only when it was one.
            if (CallClosing.IsClosing(e) && row.EndSequence == e.Sequence) await calls.KeepEventAsync(e, stop);
            metrics.EventProcessed(change);
            await messages.ForgetAsync(envelope, stop);
        }
        catch (UnprocessableEventException e)
        {
            LogUnprocessable(e.Reason);
            throw;
        }
    }

    private static CallEvent Parse(ReadOnlyMemory<byte> body, EventEnvelope envelope)
    {
        CallEvent? e;
        try
        {
            e = JsonSerializer.Deserialize(body.Span, Contracts.ContractsJson.Default.CallEvent);
        }
        catch (JsonException)
        {
            throw new UnprocessableEventException("event-not-readable");
        }

        if (e is null) throw new UnprocessableEventException("event-not-readable");
        return CallEventRules.Fault(e, envelope.ReceivedAt, envelope.Source == EventSources.Sweep) is { } fault ? throw new UnprocessableEventException(fault) : e;
    }

    /// <summary>A domain just made may not be known here yet, so its events wait for a while before they are refused.</summary>
    private async Task CheckDomainAsync(string domain, EventEnvelope envelope, CancellationToken stop)
    {
        if (envelope.Domain is { } only && only != domain) throw new UnprocessableEventException("event-domain-not-allowed");
        if ((await directory.GetAsync(stop)).Domains.ContainsKey(domain)) return;
        if (time.GetUtcNow() - envelope.ReceivedAt > DomainPatience) throw new UnprocessableEventException("event-domain-unknown");
        throw new InvalidOperationException("The domain of an event is not known yet.");
    }

    private async Task<(CallRecord Row, CallChange Change)> ApplyAsync(CallEvent e, EventEnvelope envelope, CancellationToken stop)
    {
        for (var i = 0; i < MaxTries; i++)
        {
            var stored = await calls.FindAsync(e.Call.Domain, e.CallId, stop);
            var (row, change) = CallReducer.Apply(stored?.Row, e, envelope.ReceivedAt);
            if (stored is null) row = row with { IsForeign = envelope.Domain is not null };
            if (change == CallChange.Duplicate) return (row, change);
            if (stored is null ? await calls.TryAddAsync(row, stop) : await calls.TryReplaceAsync(stored, row, stop)) return (row, change);
        }

        throw new InvalidOperationException("A call's row stayed contended.");
    }

    [LoggerMessage(1040, LogLevel.Warning, "A queued event cannot be processed: {Reason}")]
    private partial void LogUnprocessable(string reason);
}
