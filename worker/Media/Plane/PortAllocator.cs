namespace ClickToDial.Media.Plane;

/// <summary>
/// Hands out even ports of a range in an order nobody can foresee; a released one rests before it is given again, the longest
/// rested first. Thread-safe; used at call set-up, never per packet.
/// </summary>
public sealed class PortAllocator
{
    private readonly Lock _gate = new();
    private readonly Queue<(int Port, long FreeAt)> _ports = new();
    private readonly TimeProvider _time;
    private readonly long _quarantine;

    /// <param name="first">Lowest port that may be used.</param>
    /// <param name="last">Highest port that may be used, by RTCP at most.</param>
    public PortAllocator(int first, int last, TimeSpan quarantine, TimeProvider time, Random random)
    {
        _time = time;
        _quarantine = (long)(quarantine.TotalSeconds * time.TimestampFrequency);
        var even = first + (first & 1);
        var ports = new List<int>();
        for (var port = even; port + 1 <= last; port += 2) ports.Add(port);
        var shuffled = ports.ToArray();
        random.Shuffle(shuffled);
        foreach (var port in shuffled) _ports.Enqueue((port, long.MinValue));
        Capacity = shuffled.Length;
    }

    /// <summary>Port pairs in the range.</summary>
    public int Capacity { get; }

    /// <summary>An even port whose odd neighbour is free too, or null when every pair is in use or resting.</summary>
    public int? Rent()
    {
        lock (_gate)
        {
            if (!_ports.TryPeek(out var next) || next.FreeAt > _time.GetTimestamp()) return null;
            return _ports.Dequeue().Port;
        }
    }

    /// <summary>Gives a port back; it rests from now.</summary>
    public void Return(int port)
    {
        lock (_gate) _ports.Enqueue((port, _time.GetTimestamp() + _quarantine));
    }
}
