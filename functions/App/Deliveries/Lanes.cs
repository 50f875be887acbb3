using ClickToDial.Core.Deliveries;

namespace ClickToDial.App.Deliveries;

/// <summary>Sees to it that the first delivery of a lane has a message. One too many does no harm.</summary>
public sealed class Lanes(IDeliveryStore store, IDeliveryTasks tasks, TimeProvider time)
{
    /// <summary>Whoever is first now.</summary>
    public async Task MoveAsync(string domain, string subscription, string lane, CancellationToken stop) =>
        await MoveToAsync(domain, subscription, await store.HeadAsync(domain, subscription, lane, stop), stop);

    /// <param name="id">Of a delivery that was just added here, and is the first: nobody else can have had it, so it is not read.</param>
    public Task BeginAsync(string domain, string subscription, string id, CancellationToken stop) =>
        tasks.SendAsync(new DeliveryTask(domain, subscription, id, AddedBy: store.Instance), TimeSpan.Zero, stop);

    /// <param name="head">Id of the first, as a write said; null when there is none.</param>
    public async Task MoveToAsync(string domain, string subscription, string? head, CancellationToken stop)
    {
        if (head is null || await store.FindAsync(domain, subscription, head, stop) is not { Status: DeliveryStatus.Pending } first) return;
        var delay = first.DueAt is { } due ? due - time.GetUtcNow() : TimeSpan.Zero;
        await tasks.SendAsync(new DeliveryTask(domain, subscription, first.Id, first.Attempts), delay, stop);
    }
}
