using ClickToDial.Core.Deliveries;

namespace ClickToDial.App.Deliveries;

/// <summary>Sees to it that the first delivery of a lane has a message. One too many does no harm.</summary>
public sealed class Lanes(IDeliveryStore store, IDeliveryTasks tasks, TimeProvider time)
{
    public async Task MoveAsync(string domain, string subscription, string lane, CancellationToken stop)
    {
        if (await store.HeadAsync(domain, subscription, lane, stop) is not { } head) return;
        var delay = head.DueAt is { } due ? due - time.GetUtcNow() : TimeSpan.Zero;
        await tasks.SendAsync(new DeliveryTask(domain, subscription, head.Id, head.Attempts), delay, stop);
    }
}
