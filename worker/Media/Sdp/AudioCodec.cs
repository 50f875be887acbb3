using ClickToDial.Media.Codecs;

namespace ClickToDial.Media.Sdp;

/// <summary>What a payload format is for: sound, key presses beside it, or the noise between talk spurts.</summary>
public enum CodecKind
{
    Speech,
    TelephoneEvent,
    ComfortNoise,
}

/// <summary>
/// A payload format by its media type name; the number it gets in a session is not part of it. Two are the same format when
/// name (case does not matter), clock rate and channels agree; format parameters are the ends' own affair.
/// </summary>
/// <param name="StaticPayloadType">The number RFC 3551 section 6 gives it, or null when it is dynamic.</param>
public sealed record AudioCodec(string Name, int ClockRate, int Channels = 1, byte? StaticPayloadType = null, string? FormatParameters = null)
{
    public static AudioCodec Pcmu { get; } = new("PCMU", 8000, 1, 0);

    public static AudioCodec Pcma { get; } = new("PCMA", 8000, 1, 8);

    /// <summary>16 kHz sound whose RTP clock runs at 8000 for historical reasons (RFC 3551 section 4.5.2).</summary>
    public static AudioCodec G722 { get; } = new("G722", 8000, 1, 9);

    /// <summary>Always 48000/2 in SDP (RFC 7587 section 7), whatever flows.</summary>
    public static AudioCodec Opus { get; } = new("opus", 48000, 2);

    /// <summary>Key presses 0-9, *, #, A-D (RFC 4733).</summary>
    public static AudioCodec TelephoneEvent { get; } = new("telephone-event", 8000, 1, null, "0-15");

    /// <summary>Key presses beside Opus, whose clock they share (RFC 4733 section 2.6.1.1).</summary>
    public static AudioCodec TelephoneEvent48 { get; } = new("telephone-event", 48000, 1, null, "0-15");

    public static AudioCodec ComfortNoise { get; } = new("CN", 8000, 1, 13);

    /// <summary>Everything the relay can carry, preferred first.</summary>
    public static IReadOnlyList<AudioCodec> All { get; } = [Opus, G722, Pcma, Pcmu, TelephoneEvent48, TelephoneEvent, ComfortNoise];

    /// <summary>What announcements can be played in, and everyone has.</summary>
    public static IReadOnlyList<AudioCodec> Telephony { get; } = [Pcma, Pcmu, TelephoneEvent];

    public CodecKind Kind =>
        Is("telephone-event") ? CodecKind.TelephoneEvent : Is("CN") ? CodecKind.ComfortNoise : CodecKind.Speech;

    /// <summary>G.711 in either law: 8000 octets a second, one per sample.</summary>
    public bool IsG711 => Same(Pcmu) || Same(Pcma);

    /// <summary>Speech that this machine can turn into another codec, and another into it.</summary>
    public bool CanTranscode => Kind == CodecKind.Speech && SpeechCodecs.FromName(Name) is { } codec && (codec != SpeechCodec.Opus || OpusLibrary.IsAvailable);

    public bool Same(AudioCodec other) => Matches(other.Name, other.ClockRate, other.Channels);

    public bool Matches(in RtpMap map) => Matches(map.EncodingName, map.ClockRate, map.Channels);

    internal static AudioCodec? FromStatic(byte payloadType) => payloadType switch
    {
        0 => Pcmu,
        8 => Pcma,
        9 => G722,
        13 => ComfortNoise,
        _ => null,
    };

    private bool Matches(string name, int clockRate, int channels) => ClockRate == clockRate && Channels == channels && Is(name);

    private bool Is(string name) => string.Equals(Name, name, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Chooses codecs for legs that are to be joined without transcoding.</summary>
public static class CodecChoice
{
    /// <summary>The codecs of <paramref name="first"/>, in its order, that <paramref name="second"/> has too.</summary>
    public static IReadOnlyList<AudioCodec> Common(IEnumerable<AudioCodec> first, IEnumerable<AudioCodec> second)
    {
        var others = second.ToArray();
        return [.. first.Where(codec => others.Any(codec.Same))];
    }

    /// <summary>True when one speech codec is on both sides; G.711 counts as one, as the relay converts between its two laws.</summary>
    public static bool CanBridge(IEnumerable<AudioCodec> first, IEnumerable<AudioCodec> second)
    {
        var others = second.Where(codec => codec.Kind == CodecKind.Speech).ToArray();
        return first.Any(codec => codec.Kind == CodecKind.Speech && others.Any(o => o.Same(codec) || (o.IsG711 && codec.IsG711)));
    }
}
