namespace ClickToDial.TestKit.Events;

/// <summary>How long a test waits for something before it says that it never came: far above what any of it takes.</summary>
public static class Patience
{
    /// <summary>For one step of a protocol on this machine.</summary>
    public static TimeSpan Step { get; } = TimeSpan.FromSeconds(20);

    /// <summary>For a process to start and be ready, on a loaded machine.</summary>
    public static TimeSpan Start { get; } = TimeSpan.FromSeconds(60);
}
