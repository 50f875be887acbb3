using System.Net;

namespace ClickToDial.Calls.Registrar;

/// <summary>
/// Counts wrong passwords per address and account and shuts the door for a while when there are too many: then even the right
/// one is refused, so that guessing on is worth nothing. Belongs to the stack's loop.
/// </summary>
internal sealed class LoginGuard(TimeProvider time)
{
    /// <summary>Wrong passwords in a row that cost nothing.</summary>
    public const int Free = 8;

    // Above this the oldest are forgotten, so that a flood of accounts fills no memory.
    private const int MaxEntries = 10_000;

    private static readonly TimeSpan First = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    private readonly OrderedDictionary<(IPAddress Source, string Account), Entry> _entries = [];
    private readonly long _began = time.GetTimestamp();

    private TimeSpan Now => time.GetElapsedTime(_began);

    /// <summary>True while the account is shut for that address.</summary>
    public bool IsShut(IPAddress source, string account) => _entries.TryGetValue((source, account), out var entry) && entry.Until > Now;

    /// <summary>One more wrong password. Returns how many there were in a row.</summary>
    public int Failed(IPAddress source, string account)
    {
        var key = (source, account);
        var count = (_entries.TryGetValue(key, out var entry) ? entry.Count : 0) + 1;
        _entries.Remove(key);
        if (_entries.Count >= MaxEntries) _entries.RemoveAt(0);
        var shut = count < Free ? TimeSpan.Zero : TimeSpan.FromTicks((long)Math.Min(Longest.Ticks, First.Ticks * Math.Pow(2, Math.Min(count - Free, 20))));
        _entries.Add(key, new Entry(count, Now + shut));
        return count;
    }

    public void Succeeded(IPAddress source, string account) => _entries.Remove((source, account));

    private readonly record struct Entry(int Count, TimeSpan Until);
}
