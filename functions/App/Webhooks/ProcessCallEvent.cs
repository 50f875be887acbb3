using ClickToDial.App.Adapters;

namespace ClickToDial.App.Webhooks;

/// <summary>
/// Takes queued events into the call log. What can never be taken is set aside; whatever else fails is thrown, and the queue gives
/// the message back until it works: see host.json, which counts so far that the host itself sets nothing aside.
/// </summary>
public sealed class ProcessCallEvent(EventProcessor processor, PoisonedEvents poison)
{
    [Function(nameof(ProcessCallEvent))]
    public async Task Run([QueueTrigger(EventEnvelope.QueueName, Connection = StorageOptions.Section)] string message, CancellationToken stop)
    {
        try
        {
            await processor.ProcessAsync(message, stop);
        }
        catch (UnprocessableEventException)
        {
            await poison.KeepAsync(message, stop);
        }
    }
}
