namespace ClickToDial.TestKit.Audio;

/// <summary>An endless sine, so that whoever hears it knows who sent it.</summary>
/// <param name="hertz">Below half the sample rate.</param>
/// <param name="level">Peak in dB below full scale: 0 is full scale, -10 the default.</param>
public sealed class Tone(double hertz, int sampleRate = 8000, double level = -10)
{
    private readonly double _amplitude = short.MaxValue * Math.Pow(10, level / 20);
    private long _sample;

    public double Hertz { get; } = hertz;

    /// <summary>Continues the tone where the last call left off.</summary>
    public void Fill(Span<short> samples)
    {
        foreach (ref var sample in samples)
            sample = (short)Math.Round(_amplitude * Math.Sin(2 * Math.PI * Hertz * _sample++ / sampleRate));
    }
}
