using ClickToDial.Calls.Secrets;

namespace ClickToDial.Calls.Directory;

/// <param name="Functions">Base address of the functions.</param>
/// <param name="Token">What the worker shows them.</param>
public sealed record DirectoryOptions(Uri Functions, LiveSecret Token)
{
    /// <summary>Wait between two successful questions.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromMilliseconds(250);

    public TimeSpan LongestRetry { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long one question may take.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A larger answer is refused.</summary>
    public long MaxBytes { get; init; } = 64 * 1024 * 1024;
}
