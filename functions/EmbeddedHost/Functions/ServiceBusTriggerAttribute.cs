namespace ClickToDial.EmbeddedHost.Functions;

/// <summary>This host listens to queues with sessions only.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class ServiceBusTriggerAttribute : Attribute
{
    public ServiceBusTriggerAttribute(string queueName) => QueueName = queueName;

    public ServiceBusTriggerAttribute(string topicName, string subscriptionName)
    {
        TopicName = topicName;
        SubscriptionName = subscriptionName;
    }

    public bool AutoCompleteMessages { get; set; } = true;

    public string? Connection { get; set; }

    public bool IsBatched { get; set; }

    public bool IsSessionsEnabled { get; set; }

    public string? QueueName { get; }

    public string? SubscriptionName { get; }

    public string? TopicName { get; }
}
