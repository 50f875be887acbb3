using System.Text.Json;
using ClickToDial.App.Hosting;
using ClickToDial.Contracts.Events;
using ClickToDial.Core.Calls;
using ClickToDial.Core.Pbx;
using ClickToDial.Core.Webhooks;

namespace ClickToDial.App.Webhooks;

/// <summary>
/// Hands accepted events on to delivery, the steps of a call in order. It happens before the row is written that says so: a crash in
/// between hands them on twice, never not at all.
/// </summary>
public sealed class HandOn(IEventDelivery delivery, ICallStore calls, IEventSink queue, WebhookOptions options, TimeProvider time)
{
    /// <returns>The row as it is to be written.</returns>
    public async Task<CallRecord> StepAsync(CallRecord before, CallRecord row, CallEvent e, CancellationToken stop)
    {
        if (row.HandedOn == StepOrder.Over) return row;
        var now = time.GetUtcNow();
        if (!await delivery.IsWantedAsync(row.Domain, stop)) return StepOrder.Skip(row, now) with { GapSince = null };
        if (CallClosing.IsClosing(e))
        {
            // The end, and all that still waits before it.
            await delivery.HandOnAsync([.. await WaitingAsync(StepOrder.Skip(row, now), row, null, stop), AcceptedEvent.Of(e, row)], stop);
            return row with { HandedOn = StepOrder.Over, GapSince = null };
        }

        var after = StepOrder.Advance(row, now);
        if (after.HandedOn > row.HandedOn) await delivery.HandOnAsync(await WaitingAsync(after, row, e, stop), stop);
        if (after.GapSince is not null && before.GapSince is null) await AskAgainAsync(row, stop);
        return after;
    }

    /// <summary>Long enough: the missing step is not waited for any more.</summary>
    public async Task GiveUpGapAsync(GapCheck check, CancellationToken stop)
    {
        while (await calls.FindAsync(check.Domain, check.CallId, stop) is { Row.GapSince: { } since } stored)
        {
            var now = time.GetUtcNow();
            if (now - since < TimeSpan.FromSeconds(options.GapSeconds))
            {
                // Closed and opened again meanwhile.
                await AskAgainAsync(stored.Row, stop);
                return;
            }

            var after = StepOrder.Skip(stored.Row, now);
            await delivery.HandOnAsync(await WaitingAsync(after, stored.Row, null, stop), stop);
            if (await calls.TryReplaceAsync(stored, after, stop)) return;
        }
    }

    public async Task ItemAsync(PbxItem item, CancellationToken stop)
    {
        if (await delivery.IsWantedAsync(item.Domain, stop)) await delivery.HandOnAsync([AcceptedEvent.Of(item)], stop);
    }

    private async Task<IReadOnlyList<AcceptedEvent>> WaitingAsync(CallRecord after, CallRecord before, CallEvent? present, CancellationToken stop)
    {
        // Mostly the present step is the only one: then nothing is read.
        if (present is not null && before.HandedOn == present.Sequence - 1 && Last(after, before) == present.Sequence)
            return [AcceptedEvent.Of(present, after)];
        var kept = await calls.EventsAsync(after.Domain, after.CallId, stop);
        return [.. kept.Where(e => !CallClosing.IsClosing(e) && StepOrder.IsDue(e.Sequence, before, after)).Select(e => AcceptedEvent.Of(e, after))];
    }

    private static int Last(CallRecord after, CallRecord before) => after.HandedOn == StepOrder.Over ? before.Seen.Max : after.HandedOn;

    private Task AskAgainAsync(CallRecord row, CancellationToken stop) => queue.EnqueueAsync(
        [
            new QueuedEvent(
                JsonSerializer.SerializeToUtf8Bytes(new GapCheck(row.Domain, row.CallId), AppJson.Default.GapCheck), EventSources.Gap,
                EventId: $"gap|{Guid.NewGuid():N}", CallId: $"{row.Domain}|{row.CallId.Value}", Delay: TimeSpan.FromSeconds(options.GapSeconds)),
        ],
        stop);
}
