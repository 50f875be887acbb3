using ClickToDial.Calls.Control;
using ClickToDial.Media.Audio;
using ClickToDial.Media.Codecs;

namespace ClickToDial.Calls.Sounds;

/// <summary>One WAV file of the operator's.</summary>
/// <param name="Language">The folder it stands in; empty for the uppermost.</param>
/// <param name="Name">The file's, without its ending.</param>
internal readonly record struct SoundFile(string Language, string Name, string Path);

/// <summary>The operator's folder of sounds: WAV files, and folders of them that are named by a language.</summary>
internal static class SoundFolder
{
    private const int MostFiles = 500;
    private const long MostBytes = 256L << 20;
    private const int LongestSeconds = 600;

    /// <summary>Letters of a language, then parts as BCP 47 has them.</summary>
    public static bool IsLanguage(string text) =>
        text.Length is >= 2 and <= 16 && text.Split('-') is [{ Length: 2 or 3 } first, .. var parts] && first.All(char.IsAsciiLetterLower)
        && parts.All(part => part.Length is > 0 and <= 8 && part.All(char.IsAsciiLetterOrDigit));

    /// <summary>Everything that is wrong with the folder, each file by its name.</summary>
    public static IReadOnlyList<string> Faults(string folder)
    {
        if (!System.IO.Directory.Exists(folder)) return [$"Folder {folder} is not there"];
        try
        {
            var files = Files(folder).ToList();
            if (files.Count > MostFiles) return [$"Folder has more than {MostFiles} WAV files"];
            if (files.Sum(file => new FileInfo(file.Path).Length) > MostBytes) return [$"Folder has more than {MostBytes >> 20} MB of WAV files"];
            return [.. files.Select(Fault).OfType<string>()];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [$"Folder cannot be read: {e.Message}"];
        }
    }

    /// <summary>The folder's sounds, as telephones carry them.</summary>
    /// <exception cref="InvalidDataException">The folder is not as <see cref="Faults"/> wants it.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static IEnumerable<(SoundFile File, Prompt Sound)> Load(string folder)
    {
        if (Faults(folder) is { Count: > 0 } faults) throw new InvalidDataException(string.Join("; ", faults));
        return Files(folder).Select(file => (file, ToTelephone(file.Name, WavFile.TryRead(File.ReadAllBytes(file.Path))!)));
    }

    // In an order that does not hang on the disk. Whatever else lies there, such as a licence, is nobody's sound.
    private static IEnumerable<SoundFile> Files(string folder)
    {
        foreach (var path in Wavs(folder)) yield return new SoundFile("", Path.GetFileNameWithoutExtension(path), path);
        foreach (var below in System.IO.Directory.EnumerateDirectories(folder).Where(path => IsLanguage(Path.GetFileName(path))).Order(StringComparer.Ordinal))
            foreach (var path in Wavs(below)) yield return new SoundFile(Path.GetFileName(below), Path.GetFileNameWithoutExtension(path), path);
    }

    private static IEnumerable<string> Wavs(string folder) => System.IO.Directory.EnumerateFiles(folder, "*.wav").Order(StringComparer.Ordinal);

    private static string? Fault(SoundFile file)
    {
        var name = Path.Combine(file.Language, Path.GetFileName(file.Path));
        if (!OriginateGuard.IsUser(file.Name)) return $"{name} must be named by 1 to 64 letters, digits, dots, dashes and underscores";
        if (WavFile.TryRead(File.ReadAllBytes(file.Path)) is not { } sound) return $"{name} is no WAV file of 16-bit PCM";
        if (sound.SampleRate is not (8000 or 16000 or 24000 or 32000 or 48000)) return $"{name} must have 8000, 16000, 24000, 32000 or 48000 Hz";
        if (sound.Channels > 2) return $"{name} has more than two channels";
        var seconds = (double)sound.Samples.Length / sound.Channels / sound.SampleRate;
        return seconds is < 0.1 or > LongestSeconds ? $"{name} must last from 0.1 to {LongestSeconds} seconds" : null;
    }

    private static Prompt ToTelephone(string name, WavSound sound)
    {
        var mono = sound.Channels == 1 ? sound.Samples : Mixed(sound.Samples);
        if (sound.SampleRate == Tone.SampleRate) return Prompt.FromSamples(name, mono);
        var resampler = new Resampler(sound.SampleRate, Tone.SampleRate);
        var samples = new short[resampler.OutputFor(mono.Length)];
        return Prompt.FromSamples(name, samples.AsSpan(0, resampler.Process(mono, samples)));
    }

    private static short[] Mixed(short[] stereo)
    {
        var mono = new short[stereo.Length / 2];
        for (var i = 0; i < mono.Length; i++) mono[i] = (short)((stereo[2 * i] + stereo[(2 * i) + 1]) / 2);
        return mono;
    }
}
