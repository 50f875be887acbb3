namespace ClickToDial.Media.Recording;

/// <summary>How calls are recorded.</summary>
/// <param name="SampleRate">Of the file: 8000, 16000 or 48000 Hz. 16000 keeps what G.722 carries.</param>
/// <param name="MaxLength">The recording ends there; at 16 kHz an hour is 230 MB.</param>
public sealed record RecordingOptions(int SampleRate, TimeSpan MaxLength)
{
    public static RecordingOptions Default { get; } = new(16000, TimeSpan.FromHours(4));

    /// <summary>How often what has gathered is written.</summary>
    public TimeSpan WriteInterval { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How long the writer waits for a late packet before it writes silence in its place.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Octets of packets a side may have waiting; a power of two. 32768 hold 3.5 s of G.711 in packets of 20 ms.</summary>
    public int QueueOctets { get; init; } = 32768;
}

/// <summary>Whose voice it is: the channel of the file.</summary>
public enum RecordingSide
{
    Left,
    Right,
}

/// <summary>How a recording ended.</summary>
public enum RecordingEnd
{
    /// <summary>Somebody stopped it.</summary>
    Stopped,

    /// <summary>It had the longest length allowed.</summary>
    TooLong,

    /// <summary>The disk refused; the file holds what was written before.</summary>
    Failed,
}

/// <summary>What was recorded.</summary>
/// <param name="Dropped">Packets that found the queue full, or were no payload of their codec.</param>
/// <param name="Late">Packets that came after their place was written.</param>
/// <param name="Problem">What the disk said, when it refused.</param>
public sealed record RecordingResult(string Path, RecordingEnd End, TimeSpan Length, long Dropped, long Late, string? Problem, string Sha256);
