using ClickToDial.Calls.Sounds;
using ClickToDial.Calls.Tests.Support;
using ClickToDial.Contracts.Directory;
using ClickToDial.Media.Audio;

namespace ClickToDial.Calls.Tests.Sounds;

public sealed class CallSoundsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_a_folder_the_own_sounds_are_played()
    {
        var sounds = new CallSounds(new SoundOptions());
        Assert.Same(Prompts.Hold, sounds.Music(null));
        Assert.Same(Prompts.Hold, sounds.Music(new DomainSounds("jazz", "de")));
        Assert.Equal(Prompts.PressOne.Length + (2 * Tone.SampleRate), sounds.PressOne(null).Length);
        Assert.Null(sounds.Find("jazz", null));
    }

    [Fact]
    public void Domain_chooses_music_and_language_and_what_is_missing_is_taken_from_the_next_place()
    {
        Sound.In(_folder.Path, "hold", 500);
        Sound.In(_folder.Path, "jazz", 600);
        Sound.In(_folder.Sub("de"), "jazz", 700);
        Sound.In(_folder.Sub("fr"), "no-route", 800);
        Sound.In(_folder.Sub("de"), "press-1", 900);
        var sounds = new CallSounds(new SoundOptions { Folder = _folder.Path, Language = "fr" });
        Assert.Equal(500, Hertz(sounds.Music(null)));
        Assert.Equal(500, Hertz(sounds.Music(new DomainSounds("none-of-ours"))));
        Assert.Equal(600, Hertz(sounds.Music(new DomainSounds("jazz"))));
        Assert.Equal(700, Hertz(sounds.Music(new DomainSounds("jazz", "de"))));
        Assert.Equal(800, Hertz(sounds.Find("no-route", new DomainSounds(Language: "de"))!));
        Assert.Equal(900, Hertz(sounds.PressOne(new DomainSounds(Language: "de"))));
        Assert.Equal("press-1", sounds.PressOne(null).Name);
    }

    [Theory]
    [InlineData(8000, 1)]
    [InlineData(16000, 2)]
    [InlineData(24000, 1)]
    [InlineData(32000, 1)]
    [InlineData(48000, 2)]
    public void Any_rate_and_one_or_two_channels_sound_the_same(int rate, int channels)
    {
        Sound.In(_folder.Path, "hold", 1000, milliseconds: 500, rate, channels);
        var music = new CallSounds(new SoundOptions { Folder = _folder.Path }).Music(null);
        Assert.Equal(1000, Hertz(music));
        Assert.Equal(4000, music.Length);
    }

    private static int Hertz(Prompt sound)
    {
        short[] samples = [.. sound.MuLaw[..Math.Min(sound.Length, 4000)].ToArray().Select(G711.DecodeMuLaw)];
        return Enumerable.Range(1, 30).Select(step => step * 100).MaxBy(hertz => Goertzel.Share(samples, hertz));
    }
}
