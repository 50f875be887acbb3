namespace ClickToDial.Media.Codecs;

/// <summary>
/// Bridges lost packets of a waveform codec by repeating the last pitch period, after the ideas of ITU-T G.711 appendix I:
/// full level for 10 ms, then down by a fifth each 10 ms to silence at 60 ms, and blended into the sound that comes next. Unlike
/// the appendix it adds no delay: the step where the repetition begins is levelled out instead of overlapped.
/// </summary>
internal sealed class PitchConcealer
{
    private readonly int _sampleRate;
    private readonly int _shortest;
    private readonly int _longest;
    private readonly int _window;
    private readonly short[] _history;
    private readonly float[] _cycle;
    private int _period;
    private int _position;
    private int _lost;
    private float _step;

    public PitchConcealer(int sampleRate)
    {
        _sampleRate = sampleRate;
        _shortest = sampleRate / 200; // 200 Hz and
        _longest = sampleRate * 3 / 200; // 66 Hz: 5 to 15 ms, as in the appendix
        _window = sampleRate / 50;
        _history = new short[_window + _longest + (_longest / 4)];
        _cycle = new float[_longest];
    }

    /// <summary>Takes sound that did come; its beginning is blended with the repetition when something was lost before it.</summary>
    public void Accept(Span<short> pcm)
    {
        if (_lost > 0)
        {
            // 4 ms, and longer the more was lost, up to 10 ms (appendix I.2.7).
            var overlap = Math.Min(pcm.Length, Math.Min(_sampleRate / 100, (_sampleRate / 250) + (_lost / 10)));
            for (var i = 0; i < overlap; i++)
            {
                var share = (i + 1f) / (overlap + 1);
                pcm[i] = (short)((pcm[i] * share) + (Next() * (1 - share)));
            }
            _lost = 0;
        }
        Remember(pcm);
    }

    /// <summary>Fills the span with the repetition.</summary>
    public void Conceal(Span<short> pcm)
    {
        if (_lost == 0) Begin();
        foreach (ref var sample in pcm) sample = (short)Math.Clamp(Next(), short.MinValue, short.MaxValue);
        Remember(pcm);
    }

    private float Next()
    {
        var fade = _sampleRate / 100;
        var gain = _lost < fade ? 1 : 1 - (0.2f * (_lost - fade) / fade);
        var settle = _period / 4;
        var level = _lost < settle ? _step * (1 - ((float)_lost / settle)) : 0;
        var value = gain <= 0 ? 0 : gain * (_cycle[_position] + level);
        if (++_position == _period) _position = 0;
        _lost++;
        return value;
    }

    // The cycle is the last period; its last quarter turns into what came before its beginning, so that it closes on itself.
    private void Begin()
    {
        _period = FindPeriod();
        _position = 0;
        var end = _history.Length;
        var quarter = _period / 4;
        for (var i = 0; i < _period; i++)
        {
            var share = i < _period - quarter ? 0 : (i - (_period - quarter) + 1f) / (quarter + 1);
            _cycle[i] = (_history[end - _period + i] * (1 - share)) + (_history[end - (2 * _period) + i] * share);
        }
        _step = _history[end - 1] - _history[end - 1 - _period];
    }

    private void Remember(ReadOnlySpan<short> pcm)
    {
        var history = _history.AsSpan();
        if (pcm.Length < history.Length) history[pcm.Length..].CopyTo(history);
        var count = Math.Min(pcm.Length, history.Length);
        pcm[^count..].CopyTo(history[^count..]);
    }

    // The lag at which the last 20 ms are most like what was before them: first on every 250 us, then around the best.
    private int FindPeriod()
    {
        var coarse = _sampleRate / 4000;
        var best = Search(_shortest, _longest, coarse);
        return Search(Math.Max(_shortest, best - coarse), Math.Min(_longest, best + coarse), 1);
    }

    private int Search(int from, int to, int stride)
    {
        var end = _history.Length;
        var best = to;
        var bestLikeness = double.MinValue;
        for (var lag = from; lag <= to; lag += stride)
        {
            long product = 0, energy = 1;
            for (var i = end - _window; i < end; i += stride)
            {
                product += _history[i] * _history[i - lag];
                energy += _history[i - lag] * _history[i - lag];
            }
            var likeness = product / Math.Sqrt(energy);
            if (likeness <= bestLikeness) continue;
            bestLikeness = likeness;
            best = lag;
        }
        return best;
    }
}
