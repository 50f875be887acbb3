using ClickToDial.Media.Audio;

namespace ClickToDial.Calls.Tests.Support;

/// <summary>Sounds of an operator's, each a tone that can be told from the others.</summary>
internal static class Sound
{
    /// <summary>Writes a file to a folder, which is made if need be, and returns the folder.</summary>
    public static string In(string folder, string name, double hertz, int milliseconds = 1000, int rate = Tone.SampleRate, int channels = 1)
    {
        System.IO.Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, $"{name}.wav"), WavFile.Write(Samples(hertz, milliseconds, rate, channels), rate, channels));
        return folder;
    }

    private static short[] Samples(double hertz, int milliseconds, int rate, int channels)
    {
        var samples = new short[rate * milliseconds / 1000 * channels];
        for (var i = 0; i < samples.Length; i++) samples[i] = (short)(7000 * Math.Sin(2 * Math.PI * hertz * (i / channels) / rate));
        return samples;
    }
}
