namespace ClickToDial.TestKit.Azure.ServiceBus;

/// <summary>What a queue of the broker is told when it is made, as in infra/modules/servicebus.bicep.</summary>
/// <param name="RequiresSession">Messages have a session id, and are received by session only.</param>
/// <param name="MaxDeliveryCount">Deliveries that fail before a message goes to the dead-letter queue.</param>
public sealed record BusQueueOptions(bool RequiresSession = false, int MaxDeliveryCount = 10)
{
    /// <summary>How long a message, or a session, belongs to whom it was given.</summary>
    public TimeSpan LockDuration { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a message id is remembered to drop what comes with it again; null to drop nothing.</summary>
    public TimeSpan? DuplicateWindow { get; init; }
}
