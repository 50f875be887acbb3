namespace ClickToDial.EmbeddedHost.Settings;

/// <summary>extensions.queues of host.json, with the real host's defaults and ranges.</summary>
internal sealed record QueueSettings
{
    /// <summary>Messages fetched at once, 1 to 32.</summary>
    public int BatchSize { get; init; } = 16;

    /// <summary>The next batch is fetched when no more than this many are running; half of the batch size when absent.</summary>
    public int NewBatchThreshold { get; init; } = 8;

    /// <summary>How long a message that failed stays hidden before it is tried again.</summary>
    public TimeSpan VisibilityTimeout { get; init; } = TimeSpan.Zero;

    /// <summary>A message that failed this often goes to the poison queue.</summary>
    public int MaxDequeueCount { get; init; } = 5;

    /// <summary>The longest pause between two looks at an empty queue, from 100 ms.</summary>
    public TimeSpan MaxPollingInterval { get; init; } = TimeSpan.FromMinutes(1);

    public QueueMessageEncoding Encoding { get; init; } = QueueMessageEncoding.Base64;
}
