using System.Collections.Concurrent;
using ClickToDial.Contracts.Calls;

namespace ClickToDial.Calls.Trunks;

/// <summary>How many calls each trunk has, and the places that its cap leaves. Thread-safe.</summary>
internal sealed class TrunkLoad
{
    private readonly ConcurrentDictionary<string, Count> _counts = new(StringComparer.Ordinal);

    /// <summary>A place for one call, given back by disposing of it; null when the trunk is full.</summary>
    public IDisposable? TryEnter(Trunk trunk, CallDirection direction)
    {
        var count = _counts.GetOrAdd(trunk.Name, _ => new Count());
        return count.TryAdd(direction == CallDirection.Inbound, trunk.Settings.MaxCalls ?? int.MaxValue) ? new Place(count, direction == CallDirection.Inbound) : null;
    }

    /// <summary>Calls of a trunk now.</summary>
    public (int Inbound, int Outbound) Of(string trunk) => _counts.TryGetValue(trunk, out var count) ? count.Both : (0, 0);

    private sealed class Count
    {
        private readonly Lock _gate = new();
        private int _inbound;
        private int _outbound;

        public (int, int) Both
        {
            get { lock (_gate) return (_inbound, _outbound); }
        }

        public bool TryAdd(bool inbound, int most)
        {
            lock (_gate)
            {
                if (_inbound + _outbound >= most) return false;
                if (inbound) _inbound++;
                else _outbound++;
                return true;
            }
        }

        public void Remove(bool inbound)
        {
            lock (_gate)
            {
                if (inbound) _inbound--;
                else _outbound--;
            }
        }
    }

    private sealed class Place(Count count, bool inbound) : IDisposable
    {
        private int _given;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _given, 1) == 0) count.Remove(inbound);
        }
    }
}
