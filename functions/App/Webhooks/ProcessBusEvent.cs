using ClickToDial.App.Adapters.Bus;

namespace ClickToDial.App.Webhooks;

/// <summary>
/// Takes events from the Service Bus queue, those of a call one after the other. Whatever is thrown, the queue gives the message back,
/// and after some tries puts it among its dead letters, from where <see cref="ReplayDeadLetters"/> brings it back.
/// </summary>
public sealed class ProcessBusEvent(EventProcessor processor)
{
    [Function(nameof(ProcessBusEvent))]
    public Task Run(
        [ServiceBusTrigger(EventEnvelope.QueueName, Connection = EventBusOptions.Section, IsSessionsEnabled = true)] string message, FunctionContext context, CancellationToken stop) =>
        processor.TakeAsync(message, QueueTries.IsFirst(context, "DeliveryCount"), stop);
}
