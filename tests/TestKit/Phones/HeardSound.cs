using ClickToDial.TestKit.Audio;

namespace ClickToDial.TestKit.Phones;

/// <summary>A tenth of a second of what a phone heard.</summary>
/// <param name="Packets">RTP packets received in this call until then.</param>
public sealed record HeardSound(long Packets, short[] Samples)
{
    /// <summary>800 samples: frequencies 20 Hz apart are told from each other.</summary>
    public const int Length = 800;

    public double TotalLevel => ToneMeter.TotalLevel(Samples);

    public double Level(double hertz) => ToneMeter.Level(Samples, hertz);

    public bool IsMainly(double hertz) => ToneMeter.IsMainly(Samples, hertz);

    public override string ToString() => $"after {Packets} packets: {TotalLevel:F1} dB";
}
