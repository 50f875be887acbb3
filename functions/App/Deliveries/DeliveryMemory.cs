using ClickToDial.Core.Deliveries;
using Microsoft.Extensions.Caching.Memory;

namespace ClickToDial.App.Deliveries;

/// <summary>
/// What this instance wrote or read lately of deliveries. Every write says which version it builds on, so what is remembered wrongly is
/// found out; and it is forgotten before a message that another instance could not finish comes back. A write comes after the attempt,
/// though, so a delivery is remembered for its first message only.
/// </summary>
internal sealed class DeliveryMemory : IDisposable
{
    private const int MostBytes = 32 << 20;
    private const int SmallEntry = 256;

    /// <summary>Less than the queue's visibility timeout (host.json).</summary>
    private static readonly TimeSpan ForDeliveries = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan ForBreakers = TimeSpan.FromSeconds(1);

    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = MostBytes });

    public void Dispose() => _cache.Dispose();

    public KnownLane? Lane(LanePlace place) => _cache.Get<KnownLane>(place);

    public void Keep(LanePlace place, KnownLane lane)
    {
        // A row whose version nobody said cannot be written from memory.
        if (lane.Version is null && lane.Lane.Head is not null) _cache.Remove(place);
        else Keep(place, lane, SmallEntry * (1 + lane.Lane.Entries.Count), ForDeliveries);
    }

    public void Forget(LanePlace place) => _cache.Remove(place);

    /// <summary>Forgets it as well.</summary>
    public Delivery? Take(string partition, string id)
    {
        var known = _cache.Get<Delivery>((partition, id));
        if (known is not null) Forget(partition, id);
        return known;
    }

    public void Keep(string partition, Delivery delivery)
    {
        if (delivery.Version is not null) Keep((partition, delivery.Id), delivery, (4 * SmallEntry) + delivery.Body.Length, ForDeliveries);
    }

    public void Forget(string partition, string id) => _cache.Remove((partition, id));

    public (Breaker Breaker, string? Version)? Breaker(string partition) =>
        _cache.TryGetValue(partition, out (Breaker Breaker, string? Version) known) ? known : null;

    public void Keep(string partition, (Breaker Breaker, string? Version) breaker) => Keep(partition, breaker, SmallEntry, ForBreakers);

    public void ForgetBreaker(string partition) => _cache.Remove(partition);

    private void Keep<T>(object key, T value, int size, TimeSpan time) =>
        _cache.Set(key, value, new MemoryCacheEntryOptions { Size = size, AbsoluteExpirationRelativeToNow = time });
}
