using ClickToDial.Media.Audio;

namespace ClickToDial.Media.Tests.Audio;

public sealed class GoertzelTests
{
    [Theory]
    [InlineData(425)]
    [InlineData(697)]
    [InlineData(1000)]
    [InlineData(3000)]
    public void Tone_is_found_at_its_frequency_alone(double hertz)
    {
        var samples = Tone.Steady(hertz).Render();
        Assert.InRange(Goertzel.Share(samples, hertz), 0.98, 1);
        Assert.InRange(Goertzel.Share(samples, hertz + 100), 0, 0.02);
    }

    [Fact]
    public void Two_tones_share_the_power()
    {
        var samples = Tone.RingbackNorthAmerica.Render().AsSpan(0, 8000);
        Assert.InRange(Goertzel.Share(samples, 440), 0.45, 0.55);
        Assert.InRange(Goertzel.Share(samples, 480), 0.45, 0.55);
    }

    [Fact]
    public void Silence_has_no_tone() => Assert.Equal(0, Goertzel.Share(new short[160], 1000));
}
