using ClickToDial.Media.Audio;

namespace ClickToDial.Calls.Bridging;

/// <summary>What calls play, each held once for all of them.</summary>
internal sealed class CallSounds
{
    private const byte MuLawSilence = 0xFF;
    private const int PauseSamples = 2 * Tone.SampleRate;

    /// <summary>"Press 1", then two seconds in which to do it; to be looped.</summary>
    public Prompt PressOne { get; } = Prompt.FromMuLaw("press-1", [.. Prompts.PressOne.MuLaw, .. Pause()]);

    /// <summary>For whom the other side holds: a quiet tone, a second of every three, where nothing better was given.</summary>
    public Prompt Music { get; init; } = Prompt.FromTone("hold", new Tone(523, 0, -22, 1000, 2000));

    public Prompt Ringback { get; } = Prompts.Ringback;

    /// <summary>The test tone of telephony, 1004 Hz at 0 dBm0: off the exact 1000 Hz, which divides the sampling rate.</summary>
    public Prompt Milliwatt { get; } = Prompt.FromTone("milliwatt", Tone.Steady(1004, 0));

    /// <summary>What may be announced by name.</summary>
    public Prompt? Find(string name) => name switch
    {
        "press-1" => Prompts.PressOne,
        "ringback" => Ringback,
        "busy" => Prompts.Busy,
        "milliwatt" => Milliwatt,
        "hold" => Music,
        _ => null,
    };

    private static byte[] Pause()
    {
        var pause = new byte[PauseSamples];
        Array.Fill(pause, MuLawSilence);
        return pause;
    }
}
