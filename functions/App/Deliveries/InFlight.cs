using System.Collections.Concurrent;

namespace ClickToDial.App.Deliveries;

/// <summary>Counts attempts under way, so that a subscriber that hangs holds up no other.</summary>
public sealed class InFlight(DeliveryOptions options)
{
    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<string, bool> _deliveries = new(StringComparer.Ordinal);

    /// <summary>Whether nobody else at this instance is at the delivery; if so, <see cref="End"/> afterwards.</summary>
    public bool TryBegin(string delivery) => _deliveries.TryAdd(delivery, true);

    public void End(string delivery) => _deliveries.TryRemove(delivery, out _);

    /// <summary>If so, <see cref="Leave"/> afterwards.</summary>
    public bool TryEnter(string subscription)
    {
        if (_counts.AddOrUpdate(subscription, 1, (_, count) => count + 1) <= options.AtOncePerSubscriber) return true;
        Leave(subscription);
        return false;
    }

    public void Leave(string subscription)
    {
        if (_counts.AddOrUpdate(subscription, 0, (_, count) => count - 1) == 0) _counts.TryRemove(KeyValuePair.Create(subscription, 0));
    }
}
