using ClickToDial.App.Adapters;

namespace ClickToDial.App.Deliveries;

/// <summary>Takes messages of the delivery queue. Whatever is thrown, the queue gives the message back.</summary>
public sealed class ProcessDelivery(DeliveryRunner runner)
{
    [Function(nameof(ProcessDelivery))]
    public Task Run([QueueTrigger(StorageDeliveryTasks.QueueName, Connection = StorageOptions.Section)] string message, CancellationToken stop) =>
        runner.TakeAsync(message, stop);
}
