namespace ClickToDial.EmbeddedHost.Functions;

/// <summary>
/// Runs the function for each message of a storage queue. <see cref="Connection"/> names the setting that holds the
/// connection ("AzureWebJobsStorage" when absent). The queue name may hold <c>%setting%</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class QueueTriggerAttribute(string queueName) : Attribute
{
    public string? Connection { get; set; }

    public string QueueName { get; } = queueName;
}
