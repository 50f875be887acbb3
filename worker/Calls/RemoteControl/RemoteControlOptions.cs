namespace ClickToDial.Calls.RemoteControl;

/// <summary>Remote control of users' phones by their pages, section "RemoteControl" (V6).</summary>
public sealed class RemoteControlOptions
{
    public const string Section = "RemoteControl";

    /// <summary>Every user may watch all calls of the domain, not only the user's own. Default false.</summary>
    public bool DomainCalls { get; set; }

    /// <summary>A socket that has said nothing for so long is closed, in seconds: 10 to 3600. Default 120; pages say something every 30.</summary>
    public int IdleSeconds { get; set; } = 120;

    /// <summary>Frames a second that one socket may send on the average; twice that at once. 1 to 1000, default 20.</summary>
    public int FramesPerSecond { get; set; } = 20;

    /// <summary>Sockets at once; more are refused with 503. Default 4000.</summary>
    public int MaxSockets { get; set; } = 4000;

    /// <summary>Of them, sockets of one user. Default 16.</summary>
    public int MaxSocketsPerUser { get; set; } = 16;

    /// <summary>Every error at once, each naming its setting.</summary>
    public IEnumerable<string> Validate()
    {
        if (IdleSeconds is < 10 or > 3600) yield return $"{Section}: IdleSeconds must be from 10 to 3600.";
        if (FramesPerSecond is < 1 or > 1000) yield return $"{Section}: FramesPerSecond must be from 1 to 1000.";
        if (MaxSockets is < 1 or > 100_000) yield return $"{Section}: MaxSockets must be from 1 to 100000.";
        if (MaxSocketsPerUser < 1 || MaxSocketsPerUser > MaxSockets) yield return $"{Section}: MaxSocketsPerUser must be from 1 to MaxSockets.";
    }
}
