namespace ClickToDial.Media.Codecs;

/// <summary>
/// G.722 at 64 kbit/s: 16 kHz sound in two sub-bands, 6 bits for the lower and 2 for the upper one in each octet, which stands
/// for two samples (ITU-T G.722; RFC 3551 section 4.5.2).
/// </summary>
public sealed class G722Encoder : IAudioEncoder
{
    private readonly int[] _recent = new int[24];
    private G722Band _lower = new(isUpper: false);
    private G722Band _upper = new(isUpper: true);

    public int SampleRate => 16000;

    public int Encode(ReadOnlySpan<short> pcm, Span<byte> payload)
    {
        var count = pcm.Length / 2;
        for (var i = 0; i < count; i++)
        {
            Split(pcm[2 * i], pcm[(2 * i) + 1], out var low, out var high);
            payload[i] = (byte)((EncodeUpper(high) << 6) | EncodeLower(low));
        }
        return count;
    }

    public void Dispose()
    {
        // Holds nothing outside the heap.
    }

    // Transmit quadrature mirror filter (section 3.1): sums and differences of the even and odd taps.
    private void Split(int first, int second, out int low, out int high)
    {
        var recent = _recent.AsSpan();
        recent[2..].CopyTo(recent);
        recent[22] = first;
        recent[23] = second;
        int even = 0, odd = 0;
        for (var i = 0; i < 24; i += 2)
        {
            odd += recent[i] * G722Tables.Mirror[i];
            even += recent[i + 1] * G722Tables.Mirror[i + 1];
        }
        low = (even + odd) >> 14;
        high = (even - odd) >> 14;
    }

    private int EncodeLower(int sample)
    {
        var difference = G722Band.Saturate(sample - _lower.Prediction);
        var magnitude = difference >= 0 ? difference : -(difference + 1);
        var interval = 1;
        while (interval < 30 && magnitude >= (G722Tables.LowerDecisions[interval] * _lower.Step) >> 12) interval++;
        var code = difference < 0 ? G722Tables.LowerNegative[interval] : G722Tables.LowerPositive[interval];
        var core = code >> 2;
        _lower.Advance((_lower.Step * G722Tables.Lower4[core]) >> 15, G722Tables.LowerWeights[core]);
        return code;
    }

    private int EncodeUpper(int sample)
    {
        var difference = G722Band.Saturate(sample - _upper.Prediction);
        var magnitude = difference >= 0 ? difference : -(difference + 1);
        var isLarge = magnitude >= (564 * _upper.Step) >> 12;
        var code = (difference < 0 ? 0 : 2) + (isLarge ? 0 : 1);
        _upper.Advance((_upper.Step * G722Tables.Upper2[code]) >> 15, G722Tables.UpperWeights[code]);
        return code;
    }
}

/// <summary>The other side of <see cref="G722Encoder"/>, with concealment of lost packets on the decoded sound.</summary>
public sealed class G722Decoder : IAudioDecoder
{
    private readonly PitchConcealer _concealer = new(16000);
    private readonly int[] _recent = new int[24];
    private G722Band _lower = new(isUpper: false);
    private G722Band _upper = new(isUpper: true);

    public int SampleRate => 16000;

    public int Decode(ReadOnlySpan<byte> payload, Span<short> pcm)
    {
        if (payload.Length > 8 * SpeechCodecs.MaxPacketMilliseconds || 2 * payload.Length > pcm.Length) return -1;
        for (var i = 0; i < payload.Length; i++)
            Join(DecodeLower(payload[i] & 0x3F), DecodeUpper(payload[i] >> 6), out pcm[2 * i], out pcm[(2 * i) + 1]);
        _concealer.Accept(pcm[..(2 * payload.Length)]);
        return 2 * payload.Length;
    }

    public void Conceal(Span<short> pcm) => _concealer.Conceal(pcm);

    public void Recover(ReadOnlySpan<byte> next, Span<short> pcm) => Conceal(pcm);

    public void Dispose()
    {
        // Holds nothing outside the heap.
    }

    // All six bits make the sound; the predictor sees only four, so that it agrees with decoders of the 48 and 56 kbit/s modes.
    private int DecodeLower(int code)
    {
        var sample = Limit(_lower.Prediction + ((_lower.Step * G722Tables.Lower6[code]) >> 15));
        var core = code >> 2;
        _lower.Advance((_lower.Step * G722Tables.Lower4[core]) >> 15, G722Tables.LowerWeights[core]);
        return sample;
    }

    private int DecodeUpper(int code)
    {
        var difference = (_upper.Step * G722Tables.Upper2[code]) >> 15;
        var sample = Limit(_upper.Prediction + difference);
        _upper.Advance(difference, G722Tables.UpperWeights[code]);
        return sample;
    }

    // Receive quadrature mirror filter (section 4.4).
    private void Join(int low, int high, out short first, out short second)
    {
        var recent = _recent.AsSpan();
        recent[2..].CopyTo(recent);
        recent[22] = low + high;
        recent[23] = low - high;
        int even = 0, odd = 0;
        for (var i = 0; i < 24; i += 2)
        {
            even += recent[i] * G722Tables.Mirror[i];
            odd += recent[i + 1] * G722Tables.Mirror[i + 1];
        }
        first = (short)G722Band.Saturate(odd >> 11);
        second = (short)G722Band.Saturate(even >> 11);
    }

    private static int Limit(int value) => Math.Clamp(value, -16384, 16383);
}
