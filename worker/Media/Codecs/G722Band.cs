namespace ClickToDial.Media.Codecs;

/// <summary>
/// One sub-band of G.722: the adaptive step of its quantiser and the predictor with two poles and six zeros (ITU-T G.722
/// sections 3.3 to 3.6). Encoder and decoder run the same band on the same codes, so their predictions stay equal. Fixed point
/// as the recommendation has it: names in comments are those of its blocks. A mutable struct, kept in place by its codec.
/// </summary>
internal struct G722Band(bool isUpper)
{
    [System.Runtime.CompilerServices.InlineArray(6)]
    private struct Zeros
    {
        private int _first;
    }

    private readonly bool _isUpper = isUpper;
    private int _logStep;
    private int _a1;
    private int _a2;
    private int _r1;
    private int _p1;
    private int _p2;
    private int _zeroPart;
    private Zeros _b;
    private Zeros _d;

    /// <summary>The quantiser's step (DETL, DETH).</summary>
    public int Step { get; private set; } = isUpper ? 8 : 32;

    /// <summary>What the next sample is expected to be (SL, SH).</summary>
    public int Prediction { get; private set; }

    /// <summary>Goes on by one sample whose quantised difference from the prediction is <paramref name="difference"/>.</summary>
    /// <param name="weight">The code's entry in the band's table of step changes.</param>
    public void Advance(int difference, int weight)
    {
        var reconstructed = Saturate(Prediction + difference); // RECONS
        var partial = Saturate(_zeroPart + difference); // PARREC
        AdaptPoles(partial);
        AdaptZeros(difference);
        Predict(reconstructed);
        _r1 = reconstructed;
        _p2 = _p1;
        _p1 = partial;
        AdaptStep(weight);
    }

    // UPPOL2, UPPOL1: the signs of three partially reconstructed samples pull the pole coefficients.
    private void AdaptPoles(int partial)
    {
        var likeFirst = (partial ^ _p1) >= 0;
        var likeSecond = (partial ^ _p2) >= 0;
        var pull = Saturate(_a1 * 4);
        pull = Math.Min(likeFirst ? -pull : pull, 32767);
        var a2 = (likeSecond ? 128 : -128) + (pull >> 7) + ((_a2 * 32512) >> 15);
        a2 = Math.Clamp(a2, -12288, 12288);
        var a1 = Saturate((likeFirst ? 192 : -192) + ((_a1 * 32640) >> 15));
        var limit = Saturate(15360 - a2);
        _a1 = Math.Clamp(a1, -limit, limit);
        _a2 = a2;
    }

    // UPZERO: the signs of the last six differences pull the zero coefficients; DELAYA shifts the differences.
    private void AdaptZeros(int difference)
    {
        var pull = difference == 0 ? 0 : 128;
        for (var i = 0; i < 6; i++) _b[i] = Saturate(((_d[i] ^ difference) >= 0 ? pull : -pull) + ((_b[i] * 32640) >> 15));
        for (var i = 5; i > 0; i--) _d[i] = _d[i - 1];
        _d[0] = difference;
    }

    // FILTEP, FILTEZ, PREDIC.
    private void Predict(int reconstructed)
    {
        var poles = Saturate(((_a1 * Saturate(2 * reconstructed)) >> 15) + ((_a2 * Saturate(2 * _r1)) >> 15));
        var zeros = 0;
        for (var i = 0; i < 6; i++) zeros += (_b[i] * Saturate(2 * _d[i])) >> 15;
        _zeroPart = Saturate(zeros);
        Prediction = Saturate(poles + _zeroPart);
    }

    // LOGSCL and SCALEL, LOGSCH and SCALEH: the step lives as a logarithm that leaks by 1/128 and moves by the code's weight.
    private void AdaptStep(int weight)
    {
        _logStep = Math.Clamp(((_logStep * 127) >> 7) + weight, 0, _isUpper ? 22528 : 18432);
        var shift = (_isUpper ? 10 : 8) - (_logStep >> 11);
        var mantissa = G722Tables.Antilogarithm[(_logStep >> 6) & 31];
        Step = (shift < 0 ? mantissa << -shift : mantissa >> shift) << 2;
    }

    public static int Saturate(int value) => Math.Clamp(value, short.MinValue, short.MaxValue);
}
