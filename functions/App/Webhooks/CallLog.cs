using System.Text.Json;
using ClickToDial.App.Adapters;
using ClickToDial.App.Hosting;
using ClickToDial.App.Recordings;
using ClickToDial.Contracts.Events;
using ClickToDial.Core.Calls;
using ClickToDial.Core.Directory;

namespace ClickToDial.App.Webhooks;

/// <summary>
/// Writes steps of calls into the timeline and the call's row: the timeline takes an event once, and the row is only replaced as it
/// was read.
/// </summary>
public sealed class CallLog(
    ICallStore calls, RecordingRequests recordings, HandOn handOn, ICallWatch watch, IDirectoryReader directory, AppMetrics metrics, TimeProvider time)
{
    private const int MaxTries = 20;
    private static readonly TimeSpan DomainPatience = TimeSpan.FromMinutes(5);
    private readonly Turns _turns = new();

    /// <param name="body">A <see cref="CallEvent"/> in JSON.</param>
    public async Task TakeAsync(ReadOnlyMemory<byte> body, EventEnvelope envelope, CancellationToken stop)
    {
        var e = Parse(body);
        CheckForm(e, envelope);
        await CheckDomainAsync(e.Call.Domain, envelope, stop);
        await TakeAsync(e, envelope, isForeign: envelope.Domain is not null, stop);
    }

    /// <param name="isForeign">Our workers know nothing of the call.</param>
    public async Task TakeAsync(CallEvent e, EventEnvelope envelope, bool isForeign, CancellationToken stop)
    {
        CheckForm(e, envelope);
        if (!CallClosing.IsClosing(e)) await calls.KeepEventAsync(e, stop);
        var (row, change) = await ApplyAsync(e, envelope.ReceivedAt, isForeign, stop);
        // An end made up here goes into the timeline only when it was one.
        if (CallClosing.IsClosing(e) && row.EndSequence == e.Sequence) await calls.KeepEventAsync(e, stop);
        if (!isForeign && envelope.Domain is null) await recordings.AskAsync(e, stop);
        metrics.EventProcessed(change);
    }

    /// <summary>A domain just made may not be known here yet, so its events wait for a while before they are refused.</summary>
    public async Task CheckDomainAsync(string domain, EventEnvelope envelope, CancellationToken stop)
    {
        if (envelope.Domain is { } only && only != domain) throw new UnprocessableEventException("event-domain-not-allowed", only);
        if ((await directory.GetAsync(stop)).Domains.ContainsKey(domain)) return;
        if (time.GetUtcNow() - envelope.ReceivedAt > DomainPatience) throw new UnprocessableEventException("event-domain-unknown");
        throw new InvalidOperationException("The domain of an event is not known yet.");
    }

    private static void CheckForm(CallEvent e, EventEnvelope envelope)
    {
        if (CallEventRules.Fault(e, envelope.ReceivedAt, envelope.Source == EventSources.Sweep) is not { } fault) return;
        throw new UnprocessableEventException(fault, envelope.Domain ?? e.Call?.Domain);
    }

    private static CallEvent Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize(body.Span, Contracts.ContractsJson.Default.CallEvent) ?? throw new UnprocessableEventException("event-not-readable");
        }
        catch (JsonException)
        {
            throw new UnprocessableEventException("event-not-readable");
        }
    }

    private async Task<(CallRecord Row, CallChange Change)> ApplyAsync(
        CallEvent e, DateTimeOffset receivedAt, bool isForeign, CancellationToken stop)
    {
        // Steps of a call come close together: here they wait for each other rather than collide.
        using var turn = await _turns.EnterAsync(e.CallId.Value, stop);
        for (var i = 0; i < MaxTries; i++)
        {
            var stored = await calls.FindAsync(e.Call.Domain, e.CallId, stop);
            var (row, change) = CallReducer.Apply(stored?.Row, e, receivedAt);
            if (stored is null) row = row with { IsForeign = isForeign };
            if (change == CallChange.Duplicate) return (row, change);
            row = await handOn.StepAsync(stored?.Row ?? row with { GapSince = null }, row, e, stop);
            if (stored is not null) await watch.TellAsync(stored.Row, row, stop);
            if (stored is null ? await calls.TryAddAsync(row, stop) : await calls.TryReplaceAsync(stored, row, stop)) return (row, change);
        }

        throw new InvalidOperationException("A call's row stayed contended.");
    }
}
