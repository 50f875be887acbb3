using ClickToDial.Contracts.Telemetry;
using ClickToDial.Core.Deliveries;
using ClickToDial.Core.Webhooks;
using Microsoft.Extensions.Logging;

namespace ClickToDial.App.Deliveries;

/// <summary>Takes accepted events from the processor: one delivery for each subscriber that wants one.</summary>
public sealed partial class EventDelivery(
    SubscriptionBook book, IDeliveryStore store, Lanes lanes, TimeProvider time, ILogger<EventDelivery> logger) : IEventDelivery
{
    public async ValueTask<bool> IsWantedAsync(string domain, CancellationToken stop) => (await book.OfAsync(domain, stop)).Any(s => s.Enabled);

    public async Task HandOnAsync(IReadOnlyList<AcceptedEvent> events, CancellationToken stop)
    {
        foreach (var domain in events.GroupBy(e => e.Domain, StringComparer.Ordinal))
            foreach (var subscription in (await book.OfAsync(domain.Key, stop)).Where(s => s.Enabled))
                await HandOnAsync(subscription, [.. domain], stop);
    }

    /// <summary>All are kept before the first is sent: they may be steps of one call, and come again should this not end.</summary>
    private async Task HandOnAsync(Subscription subscription, IReadOnlyList<AcceptedEvent> events, CancellationToken stop)
    {
        var (heads, mine) = (new Dictionary<string, string?>(StringComparer.Ordinal), new Dictionary<string, bool>(StringComparer.Ordinal));
        foreach (var e in events)
        {
            if (EventRenderer.Render(e, subscription.Style) is not { } rendered || !subscription.Wants(rendered.Trigger)) continue;
            if (rendered.Body.Length > DeliveryEntities.MaxBody)
            {
                LogTooLarge(subscription.Id, rendered.Trigger);
                continue;
            }

            var delivery = Of(e, rendered, subscription);
            var added = await store.TryAddAsync(delivery, stop);
            heads[delivery.Lane] = added.Head;
            mine[delivery.Id] = added.IsDone;
        }

        // Also for what had been added before: whoever did may have died then. Whoever is first and came earlier has its message.
        foreach (var head in heads.Values.OfType<string>().Where(mine.ContainsKey))
            await (mine[head] ? lanes.BeginAsync(subscription.Domain, subscription.Id, head, stop) : lanes.MoveToAsync(subscription.Domain, subscription.Id, head, stop));
    }

    private Delivery Of(AcceptedEvent e, RenderedEvent rendered, Subscription subscription) => new()
    {
        Domain = subscription.Domain,
        Subscription = subscription.Id,
        Id = DeliveryKeys.Id(e),
        EventId = e.Id,
        Trigger = rendered.Trigger,
        Lane = DeliveryKeys.LaneOf(e),
        Place = DeliveryKeys.PlaceOf(e),
        CreatedAt = time.GetUtcNow(),
        Body = rendered.Body,
        // The processing of the event is the nearer parent, and the call the one that is always known.
        TraceParent = Spans.Current ?? e.Call?.TraceParent,
    };

    [LoggerMessage(1350, LogLevel.Error, "An event for subscription {Subscription} is too large to be delivered ({Trigger})")]
    private partial void LogTooLarge(string subscription, string trigger);
}
