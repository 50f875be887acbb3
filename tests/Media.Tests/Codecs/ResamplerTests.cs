using ClickToDial.Media.Codecs;
using ClickToDial.TestKit.Audio;

namespace ClickToDial.Media.Tests.Codecs;

public sealed class ResamplerTests
{
    public static TheoryData<int, int> Rates => new() { { 8000, 16000 }, { 8000, 48000 }, { 16000, 48000 }, { 16000, 8000 }, { 48000, 8000 }, { 48000, 16000 } };

    [Theory]
    [MemberData(nameof(Rates))]
    public void Tones_of_the_band_keep_level_and_bring_nothing_along(int from, int to)
    {
        foreach (var share in new[] { 0.04, 0.125, 0.25, 0.4 })
        {
            var hertz = share * Math.Min(from, to);
            var heard = Convert(from, to, Signal.Sine(hertz, from, 500)).AsSpan(to / 20);
            Assert.InRange(ToneMeter.Level(heard, hertz, to), -10.2, -9.8);
            var purity = Signal.Purity(heard, hertz, to);
            Assert.True(purity > 65, $"{hertz} Hz: {purity:F1} dB");
        }
    }

    [Theory]
    [InlineData(16000, 8000)]
    [InlineData(48000, 8000)]
    [InlineData(48000, 16000)]
    public void What_the_lower_rate_cannot_carry_is_gone(int from, int to)
    {
        foreach (var share in new[] { 0.6, 0.75, 0.95 })
        {
            var heard = Convert(from, to, Signal.Sine(share * to, from, 500, level: -3)).AsSpan(to / 20);
            Assert.True(ToneMeter.TotalLevel(heard) < -65, $"{share * to} Hz: {ToneMeter.TotalLevel(heard):F1} dB");
        }
    }

    [Theory]
    [InlineData(8000, 16000)]
    [InlineData(8000, 48000)]
    [InlineData(16000, 48000)]
    public void Images_above_the_lower_band_are_far_down(int from, int to)
    {
        var heard = Convert(from, to, Signal.Sine(0.3 * from, from, 500, level: -3)).AsSpan(to / 20);
        for (var image = 1; image < to / from; image++)
            Assert.True(ToneMeter.Level(heard, (image - 0.3) * from, to) < -68);
    }

    [Theory]
    [MemberData(nameof(Rates))]
    public void Pieces_of_any_size_give_the_same_as_the_whole(int from, int to)
    {
        var sent = Signal.Noise(4800, 11);
        var whole = Convert(from, to, sent);
        var resampler = new Resampler(from, to);
        var pieces = new List<short>();
        var random = new Random(12);
        for (var at = 0; at < sent.Length;)
        {
            var count = Math.Min(random.Next(1, 700), sent.Length - at);
            var output = new short[resampler.OutputFor(count)];
            pieces.AddRange(output[..resampler.Process(sent.AsSpan(at, count), output)]);
            at += count;
        }
        Assert.Equal(whole, pieces);
    }

    [Fact]
    public void Constant_sound_stays_constant()
    {
        var heard = Convert(8000, 48000, [.. Enumerable.Repeat((short)10000, 800)]);
        Assert.All(heard[480..], sample => Assert.InRange(sample, 9990, 10010));
    }

    [Fact]
    public void Rates_without_a_whole_factor_are_refused() => Assert.Throws<ArgumentException>(() => new Resampler(44100, 48000));

    private static short[] Convert(int from, int to, short[] sent)
    {
        var resampler = new Resampler(from, to);
        var output = new short[resampler.OutputFor(sent.Length)];
        Assert.Equal(output.Length, resampler.Process(sent, output));
        return output;
    }
}
