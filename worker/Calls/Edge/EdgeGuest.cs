using System.Collections.Concurrent;

namespace ClickToDial.Calls.Edge;

/// <summary>A worker that calls our phones. It stays known for a while when its socket breaks: it may well come again, with its calls.</summary>
internal sealed class EdgeGuest(TimeProvider time)
{
    private readonly Lock _gate = new();
    private EdgeSocket? _socket;
    private long _since = time.GetTimestamp();

    public EdgeOutbox Outbox { get; } = new();

    /// <summary>Users of whom it will be told.</summary>
    public ConcurrentDictionary<(string Domain, string User), bool> Waiting { get; } = new();

    public bool IsPresent
    {
        get
        {
            lock (_gate) return _socket is not null;
        }
    }

    public bool HasGone(TimeSpan hold)
    {
        lock (_gate) return _socket is null && time.GetElapsedTime(_since) >= hold;
    }

    /// <returns>The socket in whose place this one is, which it has lost before we have noticed.</returns>
    public EdgeSocket? Come(EdgeSocket socket)
    {
        lock (_gate)
        {
            var before = _socket;
            _socket = socket;
            return before;
        }
    }

    public void Leave(EdgeSocket socket)
    {
        lock (_gate)
        {
            if (_socket == socket) (_socket, _since) = (null, time.GetTimestamp());
        }
    }
}
