using ClickToDial.Media.Audio;

namespace ClickToDial.Media.Codecs;

/// <summary>G.711 in either law, with concealment of lost packets.</summary>
public sealed class G711Decoder(SpeechCodec law) : IAudioDecoder
{
    private readonly PitchConcealer _concealer = new(8000);
    private readonly bool _isALaw = law == SpeechCodec.Pcma;

    public int SampleRate => 8000;

    public int Decode(ReadOnlySpan<byte> payload, Span<short> pcm)
    {
        if (payload.Length > 8 * SpeechCodecs.MaxPacketMilliseconds || payload.Length > pcm.Length) return -1;
        var samples = pcm[..payload.Length];
        if (_isALaw)
            for (var i = 0; i < samples.Length; i++) samples[i] = G711.DecodeALaw(payload[i]);
        else
            for (var i = 0; i < samples.Length; i++) samples[i] = G711.DecodeMuLaw(payload[i]);
        _concealer.Accept(samples);
        return samples.Length;
    }

    public void Conceal(Span<short> pcm) => _concealer.Conceal(pcm);

    public void Recover(ReadOnlySpan<byte> next, Span<short> pcm) => Conceal(pcm);

    public void Dispose()
    {
        // Holds nothing outside the heap.
    }
}

/// <summary>G.711 in either law.</summary>
public sealed class G711Encoder(SpeechCodec law) : IAudioEncoder
{
    private readonly bool _isALaw = law == SpeechCodec.Pcma;

    public int SampleRate => 8000;

    public int Encode(ReadOnlySpan<short> pcm, Span<byte> payload)
    {
        if (_isALaw)
            for (var i = 0; i < pcm.Length; i++) payload[i] = G711.EncodeALaw(pcm[i]);
        else
            for (var i = 0; i < pcm.Length; i++) payload[i] = G711.EncodeMuLaw(pcm[i]);
        return pcm.Length;
    }

    public void Dispose()
    {
        // Holds nothing outside the heap.
    }
}
