namespace ClickToDial.Media.Tests.Codecs;

/// <summary>Sounds to put through codecs, and how well they came out.</summary>
internal static class Signal
{
    public static short[] Sine(double hertz, int sampleRate, int milliseconds, double level = -10)
    {
        var samples = new short[sampleRate * milliseconds / 1000];
        new TestKit.Audio.Tone(hertz, sampleRate, level).Fill(samples);
        return samples;
    }

    public static short[] Noise(int count, int seed, int peak = 8000)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (short)random.Next(-peak, peak))];
    }

    /// <summary>A voice-like sound: a pitch of 120 Hz gliding a little, with harmonics up to 3 kHz, in syllables.</summary>
    public static short[] Voice(int sampleRate, int milliseconds)
    {
        var samples = new short[sampleRate * milliseconds / 1000];
        double turn = 0;
        for (var i = 0; i < samples.Length; i++)
        {
            var t = (double)i / sampleRate;
            turn += 2 * Math.PI * (120 + (15 * Math.Sin(2 * Math.PI * 0.7 * t))) / sampleRate;
            double sum = 0;
            for (var harmonic = 1; harmonic <= 25; harmonic++) sum += Math.Sin(harmonic * turn) / harmonic;
            samples[i] = (short)(5000 * sum * (0.55 - (0.45 * Math.Cos(2 * Math.PI * 3 * t))));
        }
        return samples;
    }

    /// <summary>Signal to noise in dB of <paramref name="heard"/> against <paramref name="sent"/>, at the best delay and gain, past the first 50 ms.</summary>
    public static double Snr(ReadOnlySpan<short> sent, ReadOnlySpan<short> heard, int maxDelay, int sampleRate)
    {
        var from = sampleRate / 20;
        var best = double.MinValue;
        for (var delay = 0; delay <= maxDelay; delay++)
        {
            double cross = 0, reference = 0, total = 0;
            var end = Math.Min(sent.Length, heard.Length - delay);
            for (var i = from; i < end; i++)
            {
                cross += (double)sent[i] * heard[i + delay];
                reference += (double)sent[i] * sent[i];
                total += (double)heard[i + delay] * heard[i + delay];
            }
            var explained = cross * cross / reference;
            best = Math.Max(best, 10 * Math.Log10(explained / Math.Max(1e-9, total - explained)));
        }
        return best;
    }

    /// <summary>How far everything but the sine lies below it, in dB, whatever its phase.</summary>
    public static double Purity(ReadOnlySpan<short> heard, double hertz, int sampleRate)
    {
        var length = heard.Length;
        var turn = 2 * Math.PI * hertz / sampleRate;
        double s = 0, c = 0, ss = 0, cc = 0, sc = 0, total = 0;
        for (var i = 0; i < length; i++)
        {
            var (sine, cosine) = Math.SinCos(turn * i);
            (s, c) = (s + (heard[i] * sine), c + (heard[i] * cosine));
            (ss, cc, sc) = (ss + (sine * sine), cc + (cosine * cosine), sc + (sine * cosine));
            total += (double)heard[i] * heard[i];
        }
        var (a, b) = (((s * cc) - (c * sc)) / ((ss * cc) - (sc * sc)), ((c * ss) - (s * sc)) / ((ss * cc) - (sc * sc)));
        var explained = (a * s) + (b * c);
        return 10 * Math.Log10(explained / Math.Max(1e-9, total - explained));
    }
}
