namespace ClickToDial.TestKit.Audio;

/// <summary>How strong one frequency is in a piece of sound.</summary>
public static class ToneMeter
{
    /// <summary>Level of a sine of that frequency, in dB relative to a full-scale sine; -120 for silence (Goertzel's algorithm).</summary>
    /// <param name="samples">At least a few periods of the frequency.</param>
    public static double Level(ReadOnlySpan<short> samples, double hertz, int sampleRate = 8000)
    {
        if (samples.IsEmpty) return Silence;
        var coefficient = 2 * Math.Cos(2 * Math.PI * hertz / sampleRate);
        double previous = 0, beforePrevious = 0;
        for (var i = 0; i < samples.Length; i++)
        {
            // Hann window: a neighbouring tone leaks less than 30 dB below its level two bins away.
            var window = 0.5 - 0.5 * Math.Cos(2 * Math.PI * (i + 0.5) / samples.Length);
            var current = samples[i] * window + coefficient * previous - beforePrevious;
            (beforePrevious, previous) = (previous, current);
        }
        var power = previous * previous + beforePrevious * beforePrevious - coefficient * previous * beforePrevious;
        var amplitude = Math.Sqrt(Math.Max(power, 0)) * 4 / samples.Length;
        return Decibels(amplitude / short.MaxValue);
    }

    /// <summary>Level of everything together, in dB relative to a full-scale sine.</summary>
    public static double TotalLevel(ReadOnlySpan<short> samples)
    {
        if (samples.IsEmpty) return Silence;
        double sum = 0;
        foreach (var sample in samples) sum += (double)sample * sample;
        return Decibels(Math.Sqrt(2 * sum / samples.Length) / short.MaxValue);
    }

    /// <summary>True when the piece is that tone and hardly anything else: above -40 dB, and within 3 dB of everything together.</summary>
    public static bool IsMainly(ReadOnlySpan<short> samples, double hertz, int sampleRate = 8000)
    {
        var level = Level(samples, hertz, sampleRate);
        return level > -40 && level > TotalLevel(samples) - 3;
    }

    private const double Silence = -120;

    private static double Decibels(double ratio) => ratio <= 1e-6 ? Silence : 20 * Math.Log10(ratio);
}
