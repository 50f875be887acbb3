using ClickToDial.Media.Audio;
using ClickToDial.Media.Codecs;

namespace ClickToDial.TestKit.Phones;

/// <summary>What a phone says in its codec, and what it hears in that or in either law of G.711, at 8000 samples a second.</summary>
internal sealed class PhoneSpeech(PhoneCodec codec) : IDisposable
{
    public const int MaxOctets = SpeechCodecs.MaxFrameOctets;

    private readonly IAudioEncoder _encoder = CodecOf(codec).CreateEncoder();
    private readonly IAudioDecoder _decoder = CodecOf(codec).CreateDecoder();
    private readonly short[] _pcm = new short[SpeechCodecs.MaxPacketSamples];

    /// <summary>Samples of 20 ms.</summary>
    public int FrameSamples => _encoder.SampleRate / 50;

    /// <summary>The same in the clock of its timestamps.</summary>
    public uint FrameTicks => codec == PhoneCodec.Opus ? 960u : 160u;

    public static int SampleRateOf(PhoneCodec codec) => CodecOf(codec).SampleRate;

    public int Encode(ReadOnlySpan<short> frame, Span<byte> payload) => _encoder.Encode(frame, payload);

    // Every second or sixth sample is enough where there are only tones far below 4 kHz.
    public short[] Decode(byte payloadType, ReadOnlySpan<byte> payload)
    {
        if (payloadType == (byte)PhoneCodec.Pcmu) return [.. payload.ToArray().Select(G711.DecodeMuLaw)];
        if (payloadType == (byte)PhoneCodec.Pcma) return [.. payload.ToArray().Select(G711.DecodeALaw)];
        var count = Math.Max(0, _decoder.Decode(payload, _pcm));
        var step = _decoder.SampleRate / 8000;
        return [.. Enumerable.Range(0, count / step).Select(i => _pcm[i * step])];
    }

    public void Dispose()
    {
        _encoder.Dispose();
        _decoder.Dispose();
    }

    private static SpeechCodec CodecOf(PhoneCodec codec) => codec switch
    {
        PhoneCodec.Pcmu => SpeechCodec.Pcmu,
        PhoneCodec.Pcma => SpeechCodec.Pcma,
        PhoneCodec.G722 => SpeechCodec.G722,
        _ => SpeechCodec.Opus,
    };
}
