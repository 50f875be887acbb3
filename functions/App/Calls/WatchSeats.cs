using System.Collections.Concurrent;
using ClickToDial.Core.Access;

namespace ClickToDial.App.Calls;

/// <summary>How often one caller watches calls at once: a worker has so many places for all. For each instance.</summary>
public sealed class WatchSeats
{
    /// <summary>For one user, or one API key.</summary>
    public const int MaxOfOne = 4;

    private readonly ConcurrentDictionary<(string Domain, string Id), int> _taken = new();

    /// <returns>To be disposed of when the watch is over; null when there is no place left.</returns>
    public IDisposable? TryTake(Principal principal)
    {
        var key = (principal.Domain, principal.Id);
        while (true)
        {
            var taken = _taken.GetOrAdd(key, 0);
            if (taken >= MaxOfOne) return null;
            if (_taken.TryUpdate(key, taken + 1, taken)) return new Seat(this, key);
        }
    }

    private void Leave((string Domain, string Id) key)
    {
        while (_taken.TryGetValue(key, out var taken))
            if (taken > 1 ? _taken.TryUpdate(key, taken - 1, taken) : _taken.TryRemove(KeyValuePair.Create(key, taken))) return;
    }

    private sealed class Seat(WatchSeats seats, (string Domain, string Id) key) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0) seats.Leave(key);
        }
    }
}
