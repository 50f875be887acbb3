namespace ClickToDial.Sip.Transport;

/// <summary>
/// Lets one log line through per ten seconds and counts the rest, so that a flood from outside cannot become a flood of log.
/// Thread-safe.
/// </summary>
internal sealed class LogThrottle(TimeProvider time)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private long _last;
    private bool _begun;
    private int _suppressed;

    /// <summary>True when a line may be written; <paramref name="suppressed"/> is how many were not since the last one.</summary>
    public bool TryPass(out int suppressed)
    {
        lock (_gate)
        {
            suppressed = _suppressed;
            if (_begun && time.GetElapsedTime(_last) < Every)
            {
                _suppressed++;
                return false;
            }
            _begun = true;
            _last = time.GetTimestamp();
            _suppressed = 0;
            return true;
        }
    }
}
