using System.Globalization;
using System.Text;
using ClickToDial.Core.Access;
using ClickToDial.Core.Calls;
using ClickToDial.Core.Problems;
using Microsoft.Extensions.Logging;

namespace ClickToDial.App.Webhooks;

/// <summary>Shows administrators what was set aside, and puts it back into the queue.</summary>
public sealed partial class PoisonDesk(PoisonStore store, EventBodies bodies, IEventSink queue, WebhookOptions options, ILogger<PoisonDesk> logger)
{
    private const int Limit = 50;
    private const int Shown = 4000;

    public async Task<Result<PoisonPageView>> ListAsync(Principal principal, string? cursor, CancellationToken stop)
    {
        string? after = null;
        if (!string.IsNullOrEmpty(cursor) && !CallCursor.TryRead(cursor, out after!)) return KnownProblems.CursorInvalid with { Field = "cursor" };
        var (events, mayHaveMore) = await store.ListAsync(principal.Domain, after, Limit, stop);
        // What belongs to nobody comes on the first page only, before the rest.
        var nobodys = after is null && IsOperator(principal) ? (await store.ListAsync(null, null, Limit, stop)).Events : [];
        return new PoisonPageView([.. nobodys.Concat(events).Select(View)], mayHaveMore ? CallCursor.Write(events[^1].Id) : null);
    }

    /// <summary>Puts it back into the queue as it came; should it fail again, it is set aside again.</summary>
    public async Task<Problem?> ReplayAsync(Principal principal, string id, CancellationToken stop)
    {
        if (id.Length > 64 || !id.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')) return KnownProblems.PoisonUnknown;
        var found = await store.FindAsync(principal.Domain, id, stop);
        if (found is null && IsOperator(principal)) found = await store.FindAsync(null, id, stop);
        if (found is null) return KnownProblems.PoisonUnknown;
        if (await QueuedAsync(found, stop) is { } e) await queue.EnqueueAsync([e], stop);
        await store.ForgetAsync(found.Domain, id, stop);
        LogReplayed(found.Reason);
        return null;
    }

    private async Task<QueuedEvent?> QueuedAsync(PoisonedEvent found, CancellationToken stop)
    {
        var envelope = EventMessages.TryOpen(found.Message);
        if (envelope is null) return new QueuedEvent(Encoding.UTF8.GetBytes(found.Message), EventSources.Pbx);
        // A blob that is gone was processed by another message.
        if (await bodies.ReadAsync(envelope, stop) is not { } body) return null;
        // A new id: the queue's own look for duplicates must not take it for the message that failed.
        var again = string.Create(CultureInfo.InvariantCulture, $"replay|{found.Id}|{Guid.NewGuid():N}");
        return new QueuedEvent(body, envelope.Source, envelope.Domain, envelope.Sender, envelope.Trigger, again, found.Id);
    }

    private bool IsOperator(Principal principal) => options.OperatorDomain.Length > 0 && principal.Domain == options.OperatorDomain;

    private static PoisonView View(PoisonedEvent e)
    {
        var envelope = EventMessages.TryOpen(e.Message);
        var body = envelope is null ? e.Message : envelope.Body is { } bytes ? Encoding.UTF8.GetString(bytes) : null;
        return new PoisonView(
            e.Id, e.At, e.Reason, e.Domain, envelope?.Sender, envelope?.Trigger, body?.Length > Shown ? body[..Shown] : body);
    }

    [LoggerMessage(1041, LogLevel.Information, "An event that was set aside for {Reason} was put back into the queue")]
    private partial void LogReplayed(string reason);
}
