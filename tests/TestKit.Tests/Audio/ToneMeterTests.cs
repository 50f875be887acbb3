using ClickToDial.TestKit.Audio;

namespace ClickToDial.TestKit.Tests.Audio;

public sealed class ToneMeterTests
{
    private const int FiftyMilliseconds = 400;

    [Theory]
    [InlineData(440)]
    [InlineData(660)]
    [InlineData(1004)]
    [InlineData(3000)]
    public void ToneAlone_HasItsLevel(double hertz)
    {
        var samples = new short[FiftyMilliseconds];
        new Tone(hertz, level: -10).Fill(samples);

        Assert.InRange(ToneMeter.Level(samples, hertz), -10.5, -9.5);
        Assert.InRange(ToneMeter.TotalLevel(samples), -10.5, -9.5);
        Assert.True(ToneMeter.IsMainly(samples, hertz));
    }

    [Theory]
    [InlineData(440, 660)]
    [InlineData(660, 440)]
    [InlineData(1004, 880)]
    public void AnotherTone_IsNotHeard(double sent, double listenedFor)
    {
        var samples = new short[FiftyMilliseconds];
        new Tone(sent).Fill(samples);

        Assert.True(ToneMeter.Level(samples, listenedFor) < -40, $"{ToneMeter.Level(samples, listenedFor)} dB");
        Assert.False(ToneMeter.IsMainly(samples, listenedFor));
    }

    [Fact]
    public void ToneUnderLouderNoise_IsNotMainlyThatTone()
    {
        var samples = new short[FiftyMilliseconds];
        new Tone(440, level: -20).Fill(samples);
        var noise = new Random(1);
        foreach (ref var sample in samples.AsSpan()) sample += (short)noise.Next(-20_000, 20_000);

        Assert.False(ToneMeter.IsMainly(samples, 440));
    }

    [Fact]
    public void Silence_IsNoTone()
    {
        Assert.Equal(-120, ToneMeter.TotalLevel(new short[FiftyMilliseconds]));
        Assert.False(ToneMeter.IsMainly(new short[FiftyMilliseconds], 440));
        Assert.False(ToneMeter.IsMainly([], 440));
    }

    [Fact]
    public void ToneGivenInPieces_HasNoSeams()
    {
        var whole = new short[480];
        new Tone(441).Fill(whole);
        var pieces = new short[480];
        var tone = new Tone(441);
        for (var at = 0; at < pieces.Length; at += 160) tone.Fill(pieces.AsSpan(at, 160));

        Assert.Equal(whole, pieces);
    }

    [Fact]
    public void WrittenFile_IsReadAsItWas()
    {
        var path = Path.Combine(Path.GetTempPath(), $"tone-{Guid.NewGuid():N}.wav");
        var written = WavFile.OfTone(440, TimeSpan.FromMilliseconds(300), 16_000);
        try
        {
            written.Write(path);
            var read = WavFile.Read(path);

            Assert.Equal(16_000, read.SampleRate);
            Assert.Equal(written.Samples, read.Samples);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
