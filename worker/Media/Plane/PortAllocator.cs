namespace ClickToDial.Media.Plane;

/// <summary>
/// Hands out even ports of a range in an order nobody can foresee at first; a released one is given again after all others, so it rests as
/// long as there are others. When none is left that has rested as long as was wished, the longest rested goes, but never one that was
/// in use a moment ago: late packets of one call must not reach the next. Thread-safe; used at call set-up, never per packet.
/// </summary>
public sealed class PortAllocator
{
    /// <summary>However short ports are, each rests so long, unless even less was wished.</summary>
    public static readonly TimeSpan LeastRest = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Queue<(int Port, long FreeAt, long RestedAt)> _ports = new();
    private readonly TimeProvider _time;
    private readonly long _rest;
    private readonly long _leastRest;
    private long _shortRests;

    /// <param name="first">Lowest port that may be used.</param>
    /// <param name="last">Highest port that may be used, by RTCP at most.</param>
    /// <param name="rest">How long a port should rest.</param>
    public PortAllocator(int first, int last, TimeSpan rest, TimeProvider time, Random random)
    {
        _time = time;
        _rest = (long)(rest.TotalSeconds * time.TimestampFrequency);
        _leastRest = Math.Min(_rest, (long)(LeastRest.TotalSeconds * time.TimestampFrequency));
        var even = first + (first & 1);
        var ports = new List<int>();
        for (var port = even; port + 1 <= last; port += 2) ports.Add(port);
        var shuffled = ports.ToArray();
        random.Shuffle(shuffled);
        foreach (var port in shuffled) _ports.Enqueue((port, long.MinValue, long.MinValue));
        Capacity = shuffled.Length;
    }

    /// <summary>Port pairs in the range.</summary>
    public int Capacity { get; }

    /// <summary>Ports that were given before they had rested as long as was wished.</summary>
    public long ShortRests => Interlocked.Read(ref _shortRests);

    /// <summary>An even port whose odd neighbour is free too, or null when every pair is in use or was so a moment ago.</summary>
    public int? Rent()
    {
        lock (_gate)
        {
            var now = _time.GetTimestamp();
            if (!_ports.TryPeek(out var next) || next.FreeAt > now) return null;
            if (next.RestedAt > now) Interlocked.Increment(ref _shortRests);
            return _ports.Dequeue().Port;
        }
    }

    /// <summary>Gives a port back; it rests from now.</summary>
    public void Return(int port)
    {
        lock (_gate)
        {
            var now = _time.GetTimestamp();
            _ports.Enqueue((port, now + _leastRest, now + _rest));
        }
    }
}
