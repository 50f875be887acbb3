namespace ClickToDial.Core.Calls;

/// <summary>The durable queue between ingest and processor.</summary>
public interface IEventSink
{
    /// <summary>
    /// Takes the events of one post: the same sender's, as JSON objects. Returns once all of them are in the queue. When it throws some
    /// may be there: they may be sent again.
    /// </summary>
    /// <exception cref="QueueUnavailableException">Not all were stored.</exception>
    Task EnqueueAsync(IReadOnlyList<QueuedEvent> events, CancellationToken stop);

    Task<bool> IsReachableAsync(CancellationToken stop);
}
