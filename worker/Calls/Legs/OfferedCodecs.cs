using ClickToDial.Media.Sdp;

namespace ClickToDial.Calls.Legs;

/// <summary>What devices are offered before anything is known of the far end.</summary>
internal static class OfferedCodecs
{
    /// <summary>G.711 first: it is what ringback is played in and what the public network takes.</summary>
    private static IReadOnlyList<AudioCodec> Usual { get; } =
    [
        AudioCodec.Pcma, AudioCodec.Pcmu, AudioCodec.Opus, AudioCodec.G722,
        AudioCodec.TelephoneEvent, AudioCodec.TelephoneEvent48, AudioCodec.ComfortNoise,
    ];

    /// <param name="prompt">The device has to hear an announcement.</param>
    /// <param name="inside">The call stays in the domain, where phones that can are to talk wide-band.</param>
    public static IReadOnlyList<AudioCodec> For(bool prompt, bool inside) => prompt ? Playable : inside ? AudioCodec.All : Usual;

    /// <summary>
    /// What both ends would have without transcoding, and then what can be made of it: whoever takes the first that it has keeps
    /// the sound untouched.
    /// </summary>
    public static IReadOnlyList<AudioCodec> AndTranscoded(IReadOnlyList<AudioCodec> shared)
    {
        if (!shared.Any(codec => codec.CanTranscode)) return shared;
        var others = Usual.Where(codec => codec.CanTranscode && !shared.Any(codec.Same));
        return [.. shared.Where(codec => codec.Kind == CodecKind.Speech), .. others, .. shared.Where(codec => codec.Kind != CodecKind.Speech)];
    }

    /// <summary>Only what announcements are played in, for who has to hear one.</summary>
    public static IReadOnlyList<AudioCodec> Playable { get; } =
        [AudioCodec.Pcma, AudioCodec.Pcmu, AudioCodec.TelephoneEvent, AudioCodec.ComfortNoise];
}
