using ClickToDial.Media.Audio;

namespace ClickToDial.Media.Tests.Audio;

public sealed class WavFileTests
{
    [Fact]
    public void Written_sound_reads_back()
    {
        var sound = WavFile.TryRead(WavFile.Write([1, -2, short.MaxValue, short.MinValue], 16000, 2));
        Assert.Equal((16000, 2), (sound!.SampleRate, sound.Channels));
        Assert.Equal([1, -2, short.MaxValue, short.MinValue], sound.Samples);
    }

    [Fact]
    public void Cut_files_give_null_or_less_but_never_throw()
    {
        var file = WavFile.Write([1, 2, 3, 4]);
        for (var length = 0; length < file.Length; length++)
        {
            var sound = WavFile.TryRead(file.AsSpan(0, length));
            Assert.True(sound is null || sound.Samples.Length < 4);
        }
    }

    [Fact]
    public void Other_formats_are_refused()
    {
        var file = WavFile.Write([1]);
        file[20] = 7; // mu-law
        Assert.Null(WavFile.TryRead(file));
    }
}
