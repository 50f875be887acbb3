namespace ClickToDial.Media.Audio;

/// <summary>The sounds the worker comes with. How the files were made: README.md in the Prompts folder.</summary>
public static class Prompts
{
    /// <summary>"Press 1 to connect your call."</summary>
    public static Prompt PressOne { get; } = Prompt.FromResource("press-1");

    /// <summary>One period of ringback; to be looped.</summary>
    public static Prompt Ringback { get; } = Prompt.FromResource("ringback");

    /// <summary>One period of busy tone; to be looped.</summary>
    public static Prompt Busy { get; } = Prompt.FromResource("busy");

    /// <summary>The digital milliwatt: 1000 Hz at 0 dBm0; to be looped.</summary>
    public static Prompt Milliwatt { get; } = Prompt.FromResource("milliwatt");

    /// <summary>Music for who is on hold; to be looped.</summary>
    public static Prompt Hold { get; } = Prompt.FromResource("hold");
}
