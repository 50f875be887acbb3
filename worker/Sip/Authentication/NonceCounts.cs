namespace ClickToDial.Sip.Authentication;

/// <summary>
/// Which nonce-counts of which nonce were used. Memory is bounded: when it is full the oldest nonces are forgotten, and from
/// then on every nonce issued before the youngest forgotten one counts as stale unless it is still remembered, so forgetting
/// never lets a replay through. Thread-safe.
/// </summary>
internal sealed class NonceCounts(int capacity)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Window> _windows = [];
    private readonly Queue<(string Nonce, long Issued)> _order = new();
    private long _forgottenUpTo = long.MinValue;

    /// <summary>Commits one use. False when that count was used before, or nobody can say any more.</summary>
    public bool TryUse(string nonce, long issued, uint count)
    {
        lock (_gate)
        {
            if (_windows.TryGetValue(nonce, out var window)) return window.TryUse(count);
            if (issued <= _forgottenUpTo) return false;
            window = new Window();
            window.TryUse(count);
            _windows[nonce] = window;
            _order.Enqueue((nonce, issued));
            if (_order.Count > capacity) ForgetOldest();
            return true;
        }
    }

    /// <summary>Drops nonces issued before this time: they are stale by age.</summary>
    public void Expire(long issuedBefore)
    {
        lock (_gate)
        {
            while (_order.TryPeek(out var oldest) && oldest.Issued < issuedBefore) _windows.Remove(_order.Dequeue().Nonce);
        }
    }

    private void ForgetOldest()
    {
        var (nonce, issued) = _order.Dequeue();
        _windows.Remove(nonce);
        _forgottenUpTo = Math.Max(_forgottenUpTo, issued);
    }

    // The highest count and a bitmap of the 64 below it: requests of one phone may overtake each other.
    private sealed class Window
    {
        private uint _highest;
        private ulong _used;

        public bool TryUse(uint count)
        {
            if (count > _highest)
            {
                var shift = count - _highest;
                _used = shift >= 64 ? 1 : (_used << (int)shift) | 1;
                _highest = count;
                return true;
            }
            var back = _highest - count;
            if (back >= 64 || (_used & (1UL << (int)back)) != 0) return false;
            _used |= 1UL << (int)back;
            return true;
        }
    }
}
