using ClickToDial.App.Hosting;

namespace ClickToDial.App.Deliveries;

/// <summary>Every minute: tells how late the delivery is that waits longest. What is told as messages are taken is silent when none is.</summary>
public sealed class WatchDeliveries(StorageDeliveryTasks tasks, AppMetrics metrics)
{
    [Function(nameof(WatchDeliveries))]
    public async Task Run([TimerTrigger("40 * * * * *")] TimerInfo timer, CancellationToken stop) => metrics.Oldest("deliveries", await tasks.OldestAsync(stop));
}
