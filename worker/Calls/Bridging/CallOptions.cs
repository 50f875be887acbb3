namespace ClickToDial.Calls.Bridging;

/// <param name="Worker">This worker's name, told on every event.</param>
public sealed record CallOptions(string Worker)
{
    /// <summary>Calls at once; more are refused.</summary>
    public int MaxCalls { get; init; } = 2000;

    /// <summary>How long two ends may talk where the command says nothing.</summary>
    public TimeSpan MaxDuration { get; init; } = TimeSpan.FromHours(4);

    /// <summary>How long the user may take to press 1.</summary>
    public TimeSpan PromptTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the user's device may take to go over to the destination's codec.</summary>
    public TimeSpan AlignTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A call ends when nothing was heard from an end that is not held for this long; zero never ends one.</summary>
    public TimeSpan DeadMedia { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a device that dials may let ring.</summary>
    public TimeSpan DialledRingTimeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Calls that the devices of one user may have dialled at once, where the domain says nothing.</summary>
    public int MaxDialledPerUser { get; init; } = 10;

    /// <summary>Ended calls whose state can still be asked for; the oldest make room.</summary>
    public int EndedKept { get; init; } = 10_000;

    /// <summary>And how much memory they may take, estimated.</summary>
    public long EndedBytesKept { get; init; } = 64L << 20;
}
