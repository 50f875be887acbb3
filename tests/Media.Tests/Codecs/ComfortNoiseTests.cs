using ClickToDial.Media.Codecs;
using ClickToDial.TestKit.Audio;

namespace ClickToDial.Media.Tests.Codecs;

public sealed class ComfortNoiseTests
{
    [Theory]
    [InlineData(30)]
    [InlineData(50)]
    [InlineData(70)]
    public void The_noise_has_the_level_that_was_described(byte level)
    {
        var noise = Noise([level]);
        // TotalLevel is relative to a full-scale sine, which is 3 dB below the overload that RFC 3389 counts from.
        Assert.InRange(ToneMeter.TotalLevel(noise), -level + 3 - 1.5, -level + 3 + 1.5);
    }

    [Fact]
    public void Coefficients_shape_the_spectrum_and_keep_the_level()
    {
        var flat = Noise([40]);
        var low = Noise([40, 127 - 100]); // a first coefficient below zero: neighbouring samples are alike
        Assert.InRange(ToneMeter.TotalLevel(low) - ToneMeter.TotalLevel(flat), -2, 2);
        Assert.True(Correlation(low) > 0.6);
        Assert.InRange(Correlation(flat), -0.1, 0.1);
    }

    [Fact]
    public void Nothing_described_is_silence()
    {
        var samples = new short[160];
        new ComfortNoise(1).Fill(samples);
        Assert.All(samples, sample => Assert.Equal(0, sample));
    }

    [Fact]
    public void Any_description_stays_within_bounds()
    {
        var random = new Random(3);
        for (var i = 0; i < 200; i++)
        {
            var description = new byte[random.Next(0, 40)];
            random.NextBytes(description);
            Assert.Equal(8000, Noise(description).Length);
        }
    }

    private static short[] Noise(byte[] description)
    {
        var noise = new ComfortNoise(42);
        noise.Describe(description);
        var samples = new short[8000];
        noise.Fill(samples);
        return samples;
    }

    private static double Correlation(short[] samples)
    {
        double product = 0, energy = 0;
        for (var i = 1; i < samples.Length; i++)
        {
            product += samples[i] * (double)samples[i - 1];
            energy += samples[i] * (double)samples[i];
        }
        return product / energy;
    }
}
