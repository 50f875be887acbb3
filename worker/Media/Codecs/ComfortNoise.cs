namespace ClickToDial.Media.Codecs;

/// <summary>
/// The noise that a sender in silence describes (RFC 3389): a level and, if it likes, the shape of its spectrum. Generated at
/// 8 kHz, until the next description.
/// </summary>
public sealed class ComfortNoise(uint seed)
{
    private const int MaxOrder = 12;
    private readonly float[] _reflection = new float[MaxOrder];
    private readonly float[] _state = new float[MaxOrder + 1];
    private int _order;
    private float _gain;
    private uint _random = seed | 1;

    /// <summary>Takes a description. An empty one changes nothing; coefficients past the twelfth are left out.</summary>
    /// <remarks>level octet, 0 to 127 dB below overload; then reflection coefficients, (octet - 127) / 128 each.</remarks>
    public void Describe(ReadOnlySpan<byte> payload)
    {
        if (payload.IsEmpty) return;
        _order = Math.Min(payload.Length - 1, MaxOrder);
        // Power of uniform noise is 1/3 of its peak's; a lattice raises power by the product of 1 / (1 - k^2).
        double power = 3;
        for (var i = 0; i < _order; i++)
        {
            _reflection[i] = Math.Clamp((payload[1 + i] - 127) / 128f, -0.98f, 0.98f);
            power *= 1 - (_reflection[i] * _reflection[i]);
        }
        _gain = (float)(short.MaxValue * Math.Pow(10, -(payload[0] & 0x7F) / 20.0) * Math.Sqrt(power));
        Array.Clear(_state);
    }

    /// <summary>Fills the span with noise, continuing where it was.</summary>
    public void Fill(Span<short> pcm)
    {
        foreach (ref var sample in pcm)
            sample = (short)Math.Clamp(Shape(_gain * Uniform()), short.MinValue, short.MaxValue);
    }

    // All-pole lattice: from the highest coefficient down, each stage takes its share of the delayed backward signal.
    private float Shape(float forward)
    {
        for (var i = _order - 1; i >= 0; i--)
        {
            forward -= _reflection[i] * _state[i];
            _state[i + 1] = _state[i] + (_reflection[i] * forward);
        }
        _state[0] = forward;
        return forward;
    }

    // xorshift32: noise for ears, nothing that must not be guessed.
    private float Uniform()
    {
        _random ^= _random << 13;
        _random ^= _random >> 17;
        _random ^= _random << 5;
        return (int)_random / 2147483648f;
    }
}
