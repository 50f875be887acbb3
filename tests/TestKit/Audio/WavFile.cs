using System.Buffers.Binary;

namespace ClickToDial.TestKit.Audio;

/// <summary>RIFF WAVE files of 16-bit PCM with one channel: enough to give sound to other people's phones and to read what they recorded.</summary>
public sealed record WavFile(int SampleRate, short[] Samples)
{
    private const int HeaderLength = 44;

    public static WavFile OfTone(double hertz, TimeSpan length, int sampleRate = 8000)
    {
        var samples = new short[(int)(length.TotalSeconds * sampleRate)];
        new Tone(hertz, sampleRate).Fill(samples);
        return new WavFile(sampleRate, samples);
    }

    public void Write(string path)
    {
        var file = new byte[HeaderLength + Samples.Length * 2];
        "RIFF"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), file.Length - 8);
        "WAVEfmt "u8.CopyTo(file.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(20), 1);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(22), 1);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(24), SampleRate);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(28), SampleRate * 2);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(32), 2);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(34), 16);
        "data"u8.CopyTo(file.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(40), Samples.Length * 2);
        for (var i = 0; i < Samples.Length; i++)
            BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(HeaderLength + i * 2), Samples[i]);
        File.WriteAllBytes(path, file);
    }

    /// <summary>Reads a file that may still be growing: the lengths in its header are not believed.</summary>
    /// <exception cref="InvalidDataException">Not 16-bit PCM.</exception>
    /// <remarks>Of several channels the first one.</remarks>
    public static WavFile Read(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        var file = copy.ToArray().AsSpan();
        if (file.Length < HeaderLength || !file.StartsWith("RIFF"u8)) throw new InvalidDataException($"{path} is not a WAV file.");
        int rate = 0, channels = 1;
        for (var at = 12; at + 8 <= file.Length;)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(file[(at + 4)..]);
            var body = file[(at + 8)..];
            if (file[at..].StartsWith("fmt "u8)) (rate, channels) = ReadFormat(body, path);
            if (file[at..].StartsWith("data"u8)) return new WavFile(rate, ReadSamples(body, channels));
            at += 8 + length + length % 2;
        }
        throw new InvalidDataException($"{path} holds no sound.");
    }

    private static (int Rate, int Channels) ReadFormat(ReadOnlySpan<byte> format, string path)
    {
        var isOurs = BinaryPrimitives.ReadInt16LittleEndian(format[2..]) >= 1 && BinaryPrimitives.ReadInt16LittleEndian(format[14..]) == 16;
        return isOurs
            ? (BinaryPrimitives.ReadInt32LittleEndian(format[4..]), BinaryPrimitives.ReadInt16LittleEndian(format[2..]))
            : throw new InvalidDataException($"{path} is not 16-bit PCM.");
    }

    private static short[] ReadSamples(ReadOnlySpan<byte> data, int channels)
    {
        var samples = new short[data.Length / 2 / channels];
        for (var i = 0; i < samples.Length; i++) samples[i] = BinaryPrimitives.ReadInt16LittleEndian(data[(i * 2 * channels)..]);
        return samples;
    }
}
