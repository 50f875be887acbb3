using System.Collections.Frozen;
using ClickToDial.Contracts.Directory;
using ClickToDial.Media.Audio;

namespace ClickToDial.Calls.Sounds;

/// <summary>
/// What calls play, each held once for all of them: the worker's own sounds, and the operator's, which take the place of those of
/// the same name. Looked for in the domain's language, then in the worker's, then without one.
/// </summary>
internal sealed class CallSounds
{
    private const string Hold = "hold";
    private const string Press = "press-1";

    // No file can have such a name.
    private const string PressAndWait = "press-1 and wait";
    private const int PauseSamples = 2 * Tone.SampleRate;

    private static readonly Prompt[] Own =
    [
        Prompts.PressOne, Prompts.Ringback, Prompts.Busy, Prompts.Hold,
        // The test tone of telephony, 1004 Hz at 0 dBm0: off the exact 1000 Hz, which divides the sampling rate.
        Prompt.FromTone("milliwatt", Tone.Steady(1004, 0)),
    ];

    private readonly FrozenDictionary<(string Language, string Name), Prompt> _sounds;
    private readonly string _language;

    /// <exception cref="InvalidDataException">The folder has a file that is no sound.</exception>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    public CallSounds(SoundOptions options)
    {
        var sounds = Own.ToDictionary(sound => ("", sound.Name));
        if (options.Folder.Length > 0)
            foreach (var (file, sound) in SoundFolder.Load(options.Folder)) sounds[(file.Language, file.Name)] = sound;
        foreach (var ((language, _), sound) in sounds.Where(entry => entry.Key.Item2 == Press).ToList())
            sounds[(language, PressAndWait)] = Prompt.FromMuLaw(Press, [.. sound.MuLaw, .. Pause()]);
        _sounds = sounds.ToFrozenDictionary();
        _language = options.Language;
        Announces = options.AnnounceFailures;
    }

    /// <summary>Who hears why a call failed.</summary>
    public FailureAnnouncements Announces { get; }

    public Prompt Ringback => Find("ringback", null)!;

    public Prompt Milliwatt => Find("milliwatt", null)!;

    /// <summary>"Press 1", then two seconds in which to do it; to be looped.</summary>
    public Prompt PressOne(DomainSounds? domain) => Find(PressAndWait, domain)!;

    /// <summary>For whom the other side holds; to be looped.</summary>
    public Prompt Music(DomainSounds? domain) => (domain?.HoldMusic is { } name ? Find(name, domain) : null) ?? Find(Hold, domain)!;

    /// <summary>What may be announced by name; null where there is none of it.</summary>
    public Prompt? Find(string name, DomainSounds? domain) =>
        (domain?.Language is { } language ? _sounds.GetValueOrDefault((language, name)) : null)
        ?? _sounds.GetValueOrDefault((_language, name)) ?? _sounds.GetValueOrDefault(("", name));

    private static byte[] Pause()
    {
        var pause = new byte[PauseSamples];
        Array.Fill(pause, G711.MuLawSilence);
        return pause;
    }
}
