namespace ClickToDial.Media.Codecs;

/// <summary>The codecs that can be turned into each other.</summary>
public enum SpeechCodec
{
    Pcmu,
    Pcma,
    G722,
    Opus,
}

/// <summary>What is fixed about a codec.</summary>
public static class SpeechCodecs
{
    /// <summary>The longest packet any decoder here accepts.</summary>
    public const int MaxPacketMilliseconds = 120;

    /// <summary>Samples of <see cref="MaxPacketMilliseconds"/> at the highest rate: what a decoder's caller must have room for.</summary>
    public const int MaxPacketSamples = 48 * MaxPacketMilliseconds;

    /// <summary>Octets that hold one encoded 20 ms frame of any of them.</summary>
    public const int MaxFrameOctets = 512;

    /// <summary>The codec of an encoding name in SDP, where case does not matter; null for others.</summary>
    public static SpeechCodec? FromName(string? encodingName) => encodingName?.ToUpperInvariant() switch
    {
        "PCMU" => SpeechCodec.Pcmu,
        "PCMA" => SpeechCodec.Pcma,
        "G722" => SpeechCodec.G722,
        "OPUS" => SpeechCodec.Opus,
        _ => null,
    };

    /// <exception cref="DllNotFoundException">Opus was asked for and libopus is missing.</exception>
    public static IAudioDecoder CreateDecoder(this SpeechCodec codec) => codec switch
    {
        SpeechCodec.Pcmu or SpeechCodec.Pcma => new G711Decoder(codec),
        SpeechCodec.G722 => new G722Decoder(),
        _ => new OpusDecoder(),
    };

    /// <exception cref="DllNotFoundException">Opus was asked for and libopus is missing.</exception>
    public static IAudioEncoder CreateEncoder(this SpeechCodec codec) => codec switch
    {
        SpeechCodec.Pcmu or SpeechCodec.Pcma => new G711Encoder(codec),
        SpeechCodec.G722 => new G722Encoder(),
        _ => new OpusEncoder(OpusSettings.Default),
    };

    extension(SpeechCodec codec)
    {
        /// <summary>Of the sound, in Hz.</summary>
        public int SampleRate => codec switch
        {
            SpeechCodec.G722 => 16000,
            SpeechCodec.Opus => 48000,
            _ => 8000,
        };

        /// <summary>Of the RTP timestamps, in Hz; G.722 says 8000 for historical reasons (RFC 3551 section 4.5.2).</summary>
        public int ClockRate => codec == SpeechCodec.Opus ? 48000 : 8000;
    }
}

/// <summary>Turns payloads of one stream into 16-bit samples, in order. Keeps state between packets; for one thread at a time.</summary>
public interface IAudioDecoder : IDisposable
{
    int SampleRate { get; }

    /// <summary>Decodes one packet.</summary>
    /// <param name="pcm">At least <see cref="SpeechCodecs.MaxPacketSamples"/>.</param>
    /// <returns>Samples written, or -1 when the payload is none of this codec or too long.</returns>
    int Decode(ReadOnlySpan<byte> payload, Span<short> pcm);

    /// <summary>Fills the span with what was probably said while nothing came; fades to silence when asked again and again.</summary>
    /// <param name="pcm">A whole number of 10 ms, at most <see cref="SpeechCodecs.MaxPacketMilliseconds"/>.</param>
    void Conceal(Span<short> pcm);

    /// <summary>
    /// Fills the span, which ends where the packet <paramref name="next"/> begins, with the copy that this packet may carry
    /// of what was lost; conceals where it carries none. The packet itself is decoded afterwards as usual.
    /// </summary>
    void Recover(ReadOnlySpan<byte> next, Span<short> pcm);
}

/// <summary>Turns 20 ms frames of 16-bit samples into payloads, in order. Keeps state between frames; for one thread at a time.</summary>
public interface IAudioEncoder : IDisposable
{
    int SampleRate { get; }

    /// <summary>Encodes one frame.</summary>
    /// <param name="pcm">20 ms at <see cref="SampleRate"/>.</param>
    /// <param name="payload">At least <see cref="SpeechCodecs.MaxFrameOctets"/>.</param>
    /// <returns>Octets written.</returns>
    int Encode(ReadOnlySpan<short> pcm, Span<byte> payload);
}
