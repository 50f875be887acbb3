namespace ClickToDial.App.Adapters;

/// <summary>
/// How long everything that belongs to one request may wait for storage, taken together: a request makes up to seven calls to storage,
/// and each of them may wait long when storage hangs. Waits for anything else do not count.
/// </summary>
public sealed class StorageBudget
{
    private static readonly AsyncLocal<StorageBudget?> Ambient = new();

    private long _leftTicks;

    private StorageBudget(TimeSpan whole) => _leftTicks = whole.Ticks;

    /// <summary>Of the request that is being served; null for work that is nobody's request.</summary>
    public static StorageBudget? Current => Ambient.Value;

    public TimeSpan Left => TimeSpan.FromTicks(Math.Max(0, Interlocked.Read(ref _leftTicks)));

    /// <summary>For everything that the caller calls from here on.</summary>
    public static void Grant(TimeSpan whole) => Ambient.Value = new StorageBudget(whole);

    public void Spend(TimeSpan wait) => Interlocked.Add(ref _leftTicks, -wait.Ticks);
}
