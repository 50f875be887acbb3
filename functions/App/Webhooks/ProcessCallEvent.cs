using ClickToDial.App.Adapters;

namespace ClickToDial.App.Webhooks;

/// <summary>Takes queued events into the call log. An event that cannot be taken ends in the queue's poison queue.</summary>
public sealed class ProcessCallEvent(EventProcessor processor)
{
    [Function(nameof(ProcessCallEvent))]
    public Task Run([QueueTrigger(EventEnvelope.QueueName, Connection = StorageOptions.Section)] string message, CancellationToken stop) =>
        processor.ProcessAsync(message, stop);
}
