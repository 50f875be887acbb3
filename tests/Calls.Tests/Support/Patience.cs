namespace ClickToDial.Calls.Tests.Support;

public static class Patience
{
    /// <summary>How long a test waits for what must happen; only a failing test ever waits that long.</summary>
    public static TimeSpan Limit { get; } = TimeSpan.FromSeconds(20);
}
