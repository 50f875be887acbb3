namespace ClickToDial.Core.Calls;

/// <summary>The durable queue between ingest and processor.</summary>
public interface IEventSink
{
    /// <param name="body">The raw bytes as they came.</param>
    /// <param name="source">Who sent them: <c>pbx</c> or <c>sweep</c>.</param>
    /// <param name="domain">The only domain that the sender may tell of; null for any.</param>
    /// <exception cref="QueueUnavailableException">It was not stored.</exception>
    Task EnqueueAsync(ReadOnlyMemory<byte> body, string source, CancellationToken stop, string? domain = null);

    Task<bool> IsReachableAsync(CancellationToken stop);
}
