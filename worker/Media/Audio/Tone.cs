namespace ClickToDial.Media.Audio;

/// <summary>A tone plan: one or two frequencies, a level, and how long it sounds and rests before it begins again.</summary>
/// <param name="LevelDbm0">Level of the whole, in dBm0; 0 dBm0 is 3.17 dB below the largest sine mu-law can carry.</param>
/// <param name="OnMilliseconds">Sounding part of the period.</param>
/// <param name="OffMilliseconds">Silent part; 0 for a steady tone.</param>
public sealed record Tone(double FirstHertz, double SecondHertz, double LevelDbm0, int OnMilliseconds, int OffMilliseconds)
{
    public const int SampleRate = 8000;

    // The overload point of mu-law, 8159 in 14-bit terms, is a sine of +3.17 dBm0 (ITU-T G.711): 4 * 8159 / 10^(3.17/20).
    private const double ZeroDbm0Peak = 22656;

    /// <summary>Ringback as in most of Europe (ITU-T E.180 supplement 2): 425 Hz, 1 s on, 4 s off.</summary>
    public static Tone Ringback { get; } = new(425, 0, -13, 1000, 4000);

    /// <summary>Busy: 425 Hz, half a second on and off.</summary>
    public static Tone Busy { get; } = new(425, 0, -13, 500, 500);

    /// <summary>Ringback as in North America: 440 and 480 Hz, 2 s on, 4 s off.</summary>
    public static Tone RingbackNorthAmerica { get; } = new(440, 480, -16, 2000, 4000);

    /// <summary>A steady tone; the length is one second, which holds whole cycles of any whole frequency.</summary>
    public static Tone Steady(double hertz, double levelDbm0 = -10) => new(hertz, 0, levelDbm0, 1000, 0);

    /// <summary>One period as 16-bit samples at 8000 Hz.</summary>
    public short[] Render()
    {
        var on = SampleRate * OnMilliseconds / 1000;
        var samples = new short[on + (SampleRate * OffMilliseconds / 1000)];
        var parts = SecondHertz > 0 ? 2 : 1;
        var peak = ZeroDbm0Peak * Math.Pow(10, LevelDbm0 / 20) / Math.Sqrt(parts);
        for (var i = 0; i < on; i++)
        {
            var turn = 2 * Math.PI * i / SampleRate;
            var value = Math.Sin(turn * FirstHertz) + (parts == 2 ? Math.Sin(turn * SecondHertz) : 0);
            samples[i] = (short)Math.Round(Math.Clamp(peak * value, short.MinValue, short.MaxValue));
        }
        return samples;
    }
}
