namespace ClickToDial.Calls.Registrar;

/// <summary>
/// Counts failures by a key and shuts it once there are too many: for 10 s at first, for twice as long with each one more, for
/// 15 minutes at most. What had none for 15 minutes starts anew. Bounded: the longest quiet are forgotten first. Not thread-safe.
/// </summary>
internal sealed class FailureCounter<TKey>(TimeProvider time, int free, int capacity)
    where TKey : notnull
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    private readonly OrderedDictionary<TKey, Entry> _entries = [];
    private readonly long _began = time.GetTimestamp();

    private TimeSpan Now => time.GetElapsedTime(_began);

    public bool IsShut(TKey key) => _entries.TryGetValue(key, out var entry) && entry.Until > Now;

    /// <summary>True when this failure shut the key that was open until now.</summary>
    public bool Failed(TKey key)
    {
        var now = Now;
        var known = _entries.TryGetValue(key, out var entry) && now - entry.Last < Longest + (entry.Until - entry.Last) ? entry : default;
        var count = known.Count + 1;
        _entries.Remove(key);
        if (_entries.Count >= capacity) _entries.RemoveAt(0);
        var shut = count < free ? TimeSpan.Zero : TimeSpan.FromTicks((long)Math.Min(Longest.Ticks, First.Ticks * Math.Pow(2, Math.Min(count - free, 20))));
        _entries.Add(key, new Entry(count, now, now + shut));
        return shut > TimeSpan.Zero && known.Until <= now;
    }

    public void Forget(TKey key) => _entries.Remove(key);

    private readonly record struct Entry(int Count, TimeSpan Last, TimeSpan Until);
}
