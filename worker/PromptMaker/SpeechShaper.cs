using ClickToDial.Media.Audio;

namespace ClickToDial.PromptMaker;

/// <summary>Brings speech to the telephone: 8000 Hz, below 3400 Hz, a level that is neither faint nor clipped, silence cut at both ends.</summary>
internal static class SpeechShaper
{
    private const double PeakTarget = 20000;
    private const int Threshold = 200;
    private const int HalfTaps = 64;
    private const double CutoffHertz = 3400;

    public static short[] ToTelephone(WavSound sound)
    {
        var resampled = Resample([.. sound.Samples.Select(sample => (double)sample)], sound.SampleRate);
        var gain = PeakTarget / Math.Max(1, resampled.Max(Math.Abs));
        var level = resampled.Select(sample => (short)Math.Round(sample * gain)).ToArray();
        var first = Math.Max(0, Array.FindIndex(level, IsSpeech) - (Tone.SampleRate / 20));
        var last = Math.Min(level.Length, Array.FindLastIndex(level, IsSpeech) + (Tone.SampleRate / 5));
        return Pad(level[first..last]);
    }

    private static bool IsSpeech(short sample) => Math.Abs((int)sample) > Threshold;

    // Whole packets of 20 ms.
    private static short[] Pad(short[] samples)
    {
        Array.Resize(ref samples, (samples.Length + 159) / 160 * 160);
        return samples;
    }

    // Band-limited interpolation with a Hann-windowed sinc.
    private static double[] Resample(double[] samples, int rate)
    {
        var output = new double[(long)samples.Length * Tone.SampleRate / rate];
        var cutoff = CutoffHertz / rate; // in cycles per input sample
        for (var i = 0; i < output.Length; i++)
        {
            var centre = (double)i * rate / Tone.SampleRate;
            var from = Math.Max(0, (int)centre - HalfTaps);
            var to = Math.Min(samples.Length - 1, (int)centre + HalfTaps);
            double sum = 0;
            for (var n = from; n <= to; n++) sum += samples[n] * Kernel(n - centre, cutoff);
            output[i] = sum;
        }
        return output;
    }

    private static double Kernel(double x, double cutoff)
    {
        var window = 0.5 + (0.5 * Math.Cos(Math.PI * x / (HalfTaps + 1)));
        var sinc = Math.Abs(x) < 1e-9 ? 2 * cutoff : Math.Sin(2 * Math.PI * cutoff * x) / (Math.PI * x);
        return sinc * window;
    }
}
