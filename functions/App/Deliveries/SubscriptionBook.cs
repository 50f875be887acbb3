using System.Collections.Concurrent;
using ClickToDial.Core.Deliveries;

namespace ClickToDial.App.Deliveries;

/// <summary>Remembers a domain's subscriptions for a moment, so that a burst of events does not read them each time.</summary>
public sealed class SubscriptionBook(SubscriptionStore store, TimeProvider time)
{
    /// <summary>So late may another instance learn of a change.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, Page> _pages = new(StringComparer.Ordinal);

    // Counts what was forgotten, so that nobody who read before that remembers it afterwards.
    private int _forgotten;

    public async ValueTask<IReadOnlyList<Subscription>> OfAsync(string domain, CancellationToken stop)
    {
        if (_pages.TryGetValue(domain, out var page) && time.GetElapsedTime(page.ReadAt) < Memory) return page.Subscriptions;
        var (forgotten, readAt) = (Volatile.Read(ref _forgotten), time.GetTimestamp());
        var read = new Page(await store.ListAsync(domain, stop), readAt);
        _pages[domain] = read;
        if (Volatile.Read(ref _forgotten) != forgotten) _pages.TryRemove(KeyValuePair.Create(domain, read));
        return read.Subscriptions;
    }

    /// <summary>One of them, as it is remembered; what is not remembered is read.</summary>
    public async ValueTask<Subscription?> FindAsync(string domain, string id, CancellationToken stop) =>
        (await OfAsync(domain, stop)).FirstOrDefault(s => s.Id == id) ?? await store.FindAsync(domain, id, stop);

    public void Forget(string domain)
    {
        Interlocked.Increment(ref _forgotten);
        _pages.TryRemove(domain, out _);
    }

    private sealed record Page(IReadOnlyList<Subscription> Subscriptions, long ReadAt);
}
