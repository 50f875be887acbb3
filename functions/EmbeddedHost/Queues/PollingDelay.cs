namespace ClickToDial.EmbeddedHost.Queues;

/// <summary>
/// The pause before the next look at the queue: 100 ms after a message, then twice as long each time, up to a maximum, each
/// between 80 and 100 % of itself so that listeners do not march in step.
/// </summary>
internal sealed class PollingDelay(TimeSpan longest, Random random)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);
    private TimeSpan _next = Shortest;

    public void Reset() => _next = Shortest;

    public TimeSpan Next()
    {
        var delay = _next;
        _next = delay * 2 < longest ? delay * 2 : longest;
        return delay * (0.8 + (0.2 * random.NextDouble()));
    }
}
