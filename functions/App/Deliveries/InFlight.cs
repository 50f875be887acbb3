using System.Collections.Concurrent;

namespace ClickToDial.App.Deliveries;

/// <summary>Counts attempts under way, so that a subscriber that hangs holds up no other.</summary>
public sealed class InFlight(DeliveryOptions options)
{
    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<string, bool> _deliveries = new(StringComparer.Ordinal);

    /// <summary>Whether there is room and nobody else at this instance is at the delivery; if so, <see cref="End"/> afterwards.</summary>
    public bool TryBegin(string subscription, string delivery)
    {
        if (_counts.AddOrUpdate(subscription, 1, (_, count) => count + 1) <= options.AtOncePerSubscriber && _deliveries.TryAdd(delivery, true)) return true;
        Leave(subscription);
        return false;
    }

    public void End(string subscription, string delivery)
    {
        _deliveries.TryRemove(delivery, out _);
        Leave(subscription);
    }

    private void Leave(string subscription)
    {
        if (_counts.AddOrUpdate(subscription, 0, (_, count) => count - 1) == 0) _counts.TryRemove(KeyValuePair.Create(subscription, 0));
    }
}
