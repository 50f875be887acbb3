using ClickToDial.Calls.Sounds;
using ClickToDial.Calls.Tests.Support;

namespace ClickToDial.Calls.Tests.Sounds;

public sealed class SoundOptionsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Nothing_given_and_a_folder_of_sounds_are_both_right()
    {
        Assert.Empty(new SoundOptions().Validate());
        Sound.In(_folder.Path, "hold", 500);
        Sound.In(_folder.Sub("pt-BR"), "hold", 500, rate: 48000, channels: 2);
        File.WriteAllText(_folder.Sub("LICENCE.txt"), "as you like");
        Assert.Empty(new SoundOptions { Folder = _folder.Path, Language = "pt-BR" }.Validate());
    }

    [Fact]
    public void Every_file_that_is_no_sound_is_named_at_once()
    {
        File.WriteAllText(_folder.Sub("words.wav"), "hello");
        Sound.In(_folder.Path, "odd", 500, rate: 11025);
        Sound.In(_folder.Path, "three", 500, channels: 3);
        Sound.In(_folder.Path, "short", 500, milliseconds: 50);
        Sound.In(_folder.Path, "with space", 500);
        Sound.In(_folder.Sub("de"), "late", 500, rate: 7999);
        var faults = new SoundOptions { Folder = _folder.Path, Language = "fr", AnnounceFailures = (FailureAnnouncements)9 }.Validate().ToList();
        foreach (var name in new[] { "words.wav", "odd.wav", "three.wav", "short.wav", "with space.wav", Path.Combine("de", "late.wav") })
            Assert.Single(faults, fault => fault.StartsWith($"Sounds: {name} ", StringComparison.Ordinal));
        Assert.Single(faults, fault => fault.Contains("AnnounceFailures", StringComparison.Ordinal));
        Assert.Single(faults, fault => fault.Contains("no folder fr", StringComparison.Ordinal));
        Assert.Equal(8, faults.Count);
    }

    [Theory]
    [InlineData("", "de", "needs a Folder")]
    [InlineData("/nowhere/at/all", "", "is not there")]
    [InlineData("/", "../etc", "must be such as")]
    public void Folder_and_language_have_to_be_there(string folder, string language, string fault) =>
        Assert.Contains(new SoundOptions { Folder = folder, Language = language }.Validate(), said => said.Contains(fault, StringComparison.Ordinal));
}
