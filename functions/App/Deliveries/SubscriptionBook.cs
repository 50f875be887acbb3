using System.Collections.Concurrent;
using ClickToDial.Core.Deliveries;

namespace ClickToDial.App.Deliveries;

/// <summary>Remembers a domain's subscriptions for a moment, so that a burst of events does not read them each time.</summary>
public sealed class SubscriptionBook(SubscriptionStore store, TimeProvider time)
{
    /// <summary>So late may another instance learn of a change.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, Page> _pages = new(StringComparer.Ordinal);

    public async ValueTask<IReadOnlyList<Subscription>> OfAsync(string domain, CancellationToken stop)
    {
        if (_pages.TryGetValue(domain, out var page) && time.GetElapsedTime(page.ReadAt) < Memory) return page.Subscriptions;
        var readAt = time.GetTimestamp();
        var read = new Page(await store.ListAsync(domain, stop), readAt);
        _pages[domain] = read;
        return read.Subscriptions;
    }

    public void Forget(string domain) => _pages.TryRemove(domain, out _);

    private sealed record Page(IReadOnlyList<Subscription> Subscriptions, long ReadAt);
}
