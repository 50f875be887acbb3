using System.Collections.Concurrent;

namespace ClickToDial.Core.Access;

/// <summary>
/// Slows down whoever guesses passwords: after so many failures in a window nothing is looked at until the window is over. Counted in
/// memory, for each instance; a bounded number of windows is kept.
/// </summary>
public sealed class FailureLimiter(TimeProvider time)
{
    public const int MaxFailures = 10;
    private const int MaxWindows = 10_000;
    private const string Everybody = "";

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, (DateTimeOffset Since, int Failures)> _windows = new(StringComparer.Ordinal);

    /// <returns>How long until the next try is looked at; null for now.</returns>
    public TimeSpan? WaitOf(string who)
    {
        if (!_windows.TryGetValue(who, out var window) && !_windows.TryGetValue(Everybody, out window)) return null;
        if (window.Failures < MaxFailures) return null;
        var left = window.Since + Window - time.GetUtcNow();
        return left > TimeSpan.Zero ? left : null;
    }

    public void Failed(string who)
    {
        var now = time.GetUtcNow();
        if (_windows.Count >= MaxWindows) Forget(now);
        // So many at once are an attack on the table itself; then everybody shares one window.
        var key = _windows.Count >= MaxWindows ? Everybody : who;
        _windows.AddOrUpdate(key, _ => (now, 1), (_, window) => window.Since + Window <= now ? (now, 1) : (window.Since, window.Failures + 1));
    }

    private void Forget(DateTimeOffset now)
    {
        foreach (var (who, window) in _windows)
            if (window.Since + Window <= now) _windows.TryRemove(who, out _);
    }
}
