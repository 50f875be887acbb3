using ClickToDial.App.Adapters;

namespace ClickToDial.App.Webhooks;

/// <summary>
/// Takes events from the storage queue. Whatever is thrown, the queue gives the message back until it works: see host.json, which
/// counts so far that the host itself sets nothing aside.
/// </summary>
public sealed class ProcessCallEvent(EventProcessor processor)
{
    [Function(nameof(ProcessCallEvent))]
    public Task Run([QueueTrigger(EventEnvelope.QueueName, Connection = StorageOptions.Section)] string message, FunctionContext context, CancellationToken stop) =>
        processor.TakeAsync(message, QueueTries.IsFirst(context, "DequeueCount"), stop);
}
