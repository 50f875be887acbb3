using ClickToDial.Media.Codecs;
using ClickToDial.TestKit.Audio;

namespace ClickToDial.Media.Tests.Codecs;

public sealed class PitchConcealerTests
{
    [Theory]
    [InlineData(8000)]
    [InlineData(16000)]
    public void A_gap_is_filled_with_the_pitch_then_fades_to_silence(int rate)
    {
        var concealer = new PitchConcealer(rate);
        concealer.Accept(Signal.Sine(150, rate, 100));
        var lost = new short[rate / 10];
        for (var at = 0; at < lost.Length; at += rate / 100) concealer.Conceal(lost.AsSpan(at, rate / 100));
        Assert.True(Level(lost, 0, rate) > -12);
        Assert.InRange(Level(lost, 30, rate), -20, -12);
        Assert.All(lost[(rate * 60 / 1000)..], sample => Assert.Equal(0, sample));
    }

    [Theory]
    [InlineData(8000)]
    [InlineData(16000)]
    public void Neither_end_of_the_gap_clicks(int rate)
    {
        var sound = Signal.Voice(rate, 600);
        var worst = Enumerable.Range(1, sound.Length - 1).Max(i => Math.Abs(sound[i] - sound[i - 1]));
        for (var lostAt = 10; lostAt < 25; lostAt++)
        {
            var heard = WithLoss(sound, rate, lostAt, 1);
            for (var i = 1; i < heard.Length; i++) Assert.True(Math.Abs(heard[i] - heard[i - 1]) < 1.6 * worst, $"frame {lostAt}, sample {i}");
        }
    }

    [Fact]
    public void Voiced_sound_is_guessed_far_better_than_by_silence()
    {
        var sound = Signal.Voice(8000, 600);
        for (var lostAt = 10; lostAt < 25; lostAt++)
        {
            var heard = WithLoss(sound, 8000, lostAt, 1);
            double error = 0, energy = 0;
            for (var i = lostAt * 160; i < (lostAt + 1) * 160; i++)
            {
                error += Math.Pow(heard[i] - sound[i], 2);
                energy += Math.Pow(sound[i], 2);
            }
            Assert.True(error < 0.5 * energy, $"frame {lostAt}: {error / energy:F2}");
        }
    }

    [Fact]
    public void Silence_is_concealed_as_silence()
    {
        var concealer = new PitchConcealer(8000);
        concealer.Accept(new short[800]);
        var lost = Signal.Noise(160, 1);
        concealer.Conceal(lost);
        Assert.All(lost, sample => Assert.Equal(0, sample));
    }

    [Fact]
    public void A_loss_before_the_first_packet_is_silence()
    {
        var lost = Signal.Noise(160, 1);
        new PitchConcealer(8000).Conceal(lost);
        Assert.All(lost, sample => Assert.Equal(0, sample));
    }

    private static short[] WithLoss(short[] sound, int rate, int lostAt, int count)
    {
        var concealer = new PitchConcealer(rate);
        var heard = sound.ToArray();
        var frame = rate / 50;
        for (var i = 0; i < heard.Length / frame; i++)
        {
            if (i >= lostAt && i < lostAt + count) concealer.Conceal(heard.AsSpan(i * frame, frame));
            else concealer.Accept(heard.AsSpan(i * frame, frame));
        }
        return heard;
    }

    private static double Level(short[] pcm, int millisecond, int rate) =>
        ToneMeter.TotalLevel(pcm.AsSpan(rate * millisecond / 1000, rate / 100));
}
