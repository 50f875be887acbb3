namespace ClickToDial.Media.Audio;

/// <summary>Tells how much of a signal's power lies at one frequency (Goertzel's recurrence: one bin of a discrete Fourier transform).</summary>
public static class Goertzel
{
    /// <summary>
    /// The share, 0 to 1, of the signal's power that is at <paramref name="hertz"/>; about 1 for a pure tone, near 0 for
    /// others. 0 for silence. The resolution is the sample rate over the number of samples.
    /// </summary>
    public static double Share(ReadOnlySpan<short> samples, double hertz, int sampleRate = Tone.SampleRate)
    {
        if (samples.Length == 0) return 0;
        var coefficient = 2 * Math.Cos(2 * Math.PI * hertz / sampleRate);
        double before = 0, last = 0, energy = 0;
        foreach (var sample in samples)
        {
            var next = sample + (coefficient * last) - before;
            before = last;
            last = next;
            energy += (double)sample * sample;
        }
        if (energy <= 0) return 0;
        var power = (last * last) + (before * before) - (coefficient * last * before);
        return Math.Min(1, 2 * power / (energy * samples.Length));
    }

    /// <summary>Root mean square of the samples, in 16-bit units.</summary>
    public static double Rms(ReadOnlySpan<short> samples)
    {
        double energy = 0;
        foreach (var sample in samples) energy += (double)sample * sample;
        return samples.Length == 0 ? 0 : Math.Sqrt(energy / samples.Length);
    }
}
