using ClickToDial.Core.Access;
using ClickToDial.Core.Calls;
using ClickToDial.Core.Deliveries;
using ClickToDial.Core.Json;
using ClickToDial.Core.Problems;

namespace ClickToDial.App.Deliveries;

/// <summary>Shows what became of deliveries, and sends them again.</summary>
public sealed class DeliveryDesk(SubscriptionDesk subscriptions, IDeliveryStore store, Lanes lanes, TimeProvider time)
{
    private const int Limit = 50;

    /// <summary>Looked at in one request; a cursor goes on.</summary>
    private const int MostReplayed = 200;

    public async Task<Result<DeliveryPageView>> ListAsync(Principal principal, string id, string? status, string? cursor, CancellationToken stop)
    {
        DeliveryStatus? wanted = null;
        if (!string.IsNullOrEmpty(status))
        {
            if (!Enum.TryParse<DeliveryStatus>(status, ignoreCase: true, out var parsed) || char.IsAsciiDigit(status[0])) return KnownProblems.FieldInvalid with { Field = "status" };
            wanted = parsed;
        }

        string? after = null;
        if (!string.IsNullOrEmpty(cursor) && !CallCursor.TryRead(cursor, out after!)) return KnownProblems.CursorInvalid with { Field = "cursor" };
        var found = await subscriptions.FindAsync(principal, id, stop);
        if (!found.IsOk) return found.Problem;
        var page = await store.ListAsync(principal.Domain, id, wanted, after, Limit, stop);
        return new DeliveryPageView([.. page.Deliveries.Select(DeliveryView.Of)], page.Next is { } next ? CallCursor.Write(next) : null);
    }

    public async Task<Result<ReplayView>> ReplayAsync(Principal principal, string id, string delivery, CancellationToken stop)
    {
        var found = await subscriptions.FindAsync(principal, id, stop);
        if (!found.IsOk) return found.Problem;
        if (!DeliveryKeys.IsId(delivery) || await store.FindAsync(principal.Domain, id, delivery, stop) is not { } stored) return KnownProblems.DeliveryUnknown;
        await ReviveAsync(stored, stop);
        return new ReplayView(1, null);
    }

    /// <summary>Those of a time, or all that failed, or both: newest first, so many at once.</summary>
    public async Task<Result<ReplayView>> ReplayAsync(Principal principal, string id, ReadOnlyMemory<byte> body, CancellationToken stop)
    {
        var fields = JsonFields.Parse(body);
        if (!fields.IsOk) return fields.Problem;
        var range = ReplayRange.Read(fields.Value);
        if (!range.IsOk) return range.Problem;
        var found = await subscriptions.FindAsync(principal, id, stop);
        if (!found.IsOk) return found.Problem;
        var after = range.Value.After ?? (range.Value.To is { } to ? DeliveryKeys.Before(to) : null);
        var page = await store.ListAsync(principal.Domain, id, range.Value.OnlyFailed ? DeliveryStatus.Dead : null, after, MostReplayed, stop);
        var last = range.Value.From is { } from ? DeliveryKeys.Before(from) : null;
        var wanted = page.Deliveries.Where(d => last is null || string.CompareOrdinal(d.Id, last) <= 0).ToList();
        // Oldest first, so that the first to go is the one that is to be first.
        foreach (var delivery in wanted.OrderByDescending(d => d.Id, StringComparer.Ordinal)) await ReviveAsync(delivery, stop);
        return new ReplayView(wanted.Count, wanted.Count == page.Deliveries.Count && page.Next is { } next ? CallCursor.Write(next) : null);
    }

    /// <summary>What is pending needs none; but its message, should it have been lost.</summary>
    private async Task ReviveAsync(Delivery delivery, CancellationToken stop)
    {
        if (delivery.Status != DeliveryStatus.Pending) await store.TrySaveAsync(delivery, delivery.Revived(time.GetUtcNow()), stop);
        await lanes.MoveAsync(delivery.Domain, delivery.Subscription, delivery.Lane, stop);
    }
}
