using ClickToDial.Media.Audio;

namespace ClickToDial.PromptMaker;

/// <summary>
/// Music for who is on hold: eight chords, each picked slowly and upwards over a soft held tone. All of it lies where telephones
/// carry sound, and the tails of the last notes sound into the beginning, so that the loop has no seam.
/// </summary>
internal static class HoldMelody
{
    private const double SecondsPerChord = 2.4;
    private const double LevelDbm0 = -20;
    private const double ZeroDbm0Rms = 16020;

    // MIDI note numbers: C major 7, A minor 7, F major 7, G, E minor 7, A minor 7, D minor 7, G 7.
    private static readonly int[][] Chords =
    [
        [60, 67, 71, 76], [57, 64, 67, 72], [65, 69, 72, 76], [55, 67, 71, 74],
        [64, 67, 71, 74], [57, 64, 69, 72], [62, 65, 69, 72], [55, 65, 71, 74],
    ];

    // Which note of the chord each eighth picks, and how hard.
    private static readonly (int Note, double Force)[] Pattern = [(0, 1.0), (1, 0.6), (2, 0.7), (3, 0.8), (2, 0.55), (1, 0.6), (3, 0.65), (2, 0.5)];

    public static short[] Render()
    {
        var perChord = (int)(SecondsPerChord * Tone.SampleRate);
        var loop = new double[Chords.Length * perChord];
        for (var chord = 0; chord < Chords.Length; chord++)
        {
            Hold(loop, chord * perChord, perChord, Chords[chord]);
            for (var eighth = 0; eighth < Pattern.Length; eighth++)
            {
                var (note, force) = Pattern[eighth];
                Pick(loop, (chord * perChord) + (eighth * perChord / Pattern.Length), Hertz(Chords[chord][note]), force);
            }
        }
        return Level(loop);
    }

    private static double Hertz(int note) => 440 * Math.Pow(2, (note - 69) / 12.0);

    // A plucked note: a quick, soft attack, and overtones that die away sooner than the tone itself.
    private static void Pick(double[] loop, int start, double hertz, double force)
    {
        const int length = 2 * Tone.SampleRate;
        for (var i = 0; i < length; i++)
        {
            var time = (double)i / Tone.SampleRate;
            var attack = Math.Min(1, time / 0.012);
            var turn = 2 * Math.PI * hertz * time;
            var sound = (Math.Sin(turn) * Math.Exp(-time / 0.55)) + (0.45 * Math.Sin(2 * turn) * Math.Exp(-time / 0.3)) + (0.15 * Math.Sin(3 * turn) * Math.Exp(-time / 0.15));
            var ending = Math.Min(1, (length - i) / (0.1 * Tone.SampleRate));
            loop[(start + i) % loop.Length] += force * attack * ending * sound;
        }
    }

    // The chord itself, swelling and giving way to the next one.
    private static void Hold(double[] loop, int start, int perChord, int[] chord)
    {
        var length = perChord * 5 / 4;
        for (var i = 0; i < length; i++)
        {
            var swell = Math.Sin(Math.PI * i / length);
            double sound = 0;
            foreach (var note in chord) sound += Math.Sin(2 * Math.PI * Hertz(note < 60 ? note + 12 : note) * i / Tone.SampleRate);
            loop[(start + i) % loop.Length] += 0.13 * swell * sound;
        }
    }

    private static short[] Level(double[] loop)
    {
        var gain = ZeroDbm0Rms * Math.Pow(10, LevelDbm0 / 20) / Math.Sqrt(loop.Average(sample => sample * sample));
        return [.. loop.Select(sample => (short)Math.Round(Math.Clamp(gain * sample, short.MinValue, short.MaxValue)))];
    }
}
