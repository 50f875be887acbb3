namespace ClickToDial.Calls.Events;

/// <summary>How events are kept and posted.</summary>
/// <param name="Folder">Where the spool's files are; made when missing.</param>
/// <param name="Worker">This worker's name, told on every event.</param>
public sealed record EventOptions(string Folder, string Worker)
{
    /// <summary>A segment that has grown to this many bytes is followed by the next.</summary>
    public int SegmentBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Terminal events remembered, so that a call commanded again after a restart is known: at most this many, for an hour.</summary>
    public int EndedKept { get; init; } = 10_000;

    /// <summary>Events held in memory for posting; the rest waits on disk.</summary>
    public int MaxLoaded { get; init; } = 8192;

    /// <summary>Events taken from calls but not on disk yet; a call that tells more waits.</summary>
    public int MaxUnwritten { get; init; } = 8192;

    /// <summary>
    /// While the disk cannot keep up with the calls, the pause in which more gather to be forced to disk at once; an idle
    /// spool writes at once.
    /// </summary>
    public TimeSpan GatherTime { get; init; } = TimeSpan.FromMilliseconds(3);

    /// <summary>Posts under way at once, each of another call.</summary>
    public int MaxPosts { get; init; } = 64;

    /// <summary>The wait after a first failure; doubles with each further one.</summary>
    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromMilliseconds(250);

    public TimeSpan LongestRetry { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long one post may take.</summary>
    public TimeSpan PostDeadline { get; init; } = TimeSpan.FromSeconds(10);
}
