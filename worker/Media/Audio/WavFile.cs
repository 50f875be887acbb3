using System.Buffers.Binary;

namespace ClickToDial.Media.Audio;

/// <summary>Sound of a WAV file: 16-bit samples, interleaved when there is more than one channel.</summary>
public sealed record WavSound(int SampleRate, int Channels, short[] Samples);

/// <summary>Reads and writes WAV files with 16-bit PCM samples (RIFF, format 1).</summary>
public static class WavFile
{
    private const int HeaderLength = 44;

    public static byte[] Write(ReadOnlySpan<short> samples, int sampleRate = Tone.SampleRate, int channels = 1)
    {
        var file = new byte[HeaderLength + (2 * samples.Length)];
        WriteHeader(file, samples.Length * 2, sampleRate, channels);
        for (var i = 0; i < samples.Length; i++) BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(HeaderLength + (2 * i)), samples[i]);
        return file;
    }

    /// <summary>Null when the bytes are no WAV file of 16-bit PCM.</summary>
    public static WavSound? TryRead(ReadOnlySpan<byte> file)
    {
        if (file.Length < 12 || !file[..4].SequenceEqual("RIFF"u8) || !file[8..12].SequenceEqual("WAVE"u8)) return null;
        var rest = file[12..];
        int rate = 0, channels = 0;
        while (rest.Length >= 8)
        {
            var id = rest[..4];
            var length = (int)Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]), (uint)(rest.Length - 8)); // a stream's length may be a placeholder
            var body = rest.Slice(8, length);
            if (id.SequenceEqual("fmt "u8))
            {
                if (length < 16 || BinaryPrimitives.ReadUInt16LittleEndian(body) != 1 || BinaryPrimitives.ReadUInt16LittleEndian(body[14..]) != 16) return null;
                channels = BinaryPrimitives.ReadUInt16LittleEndian(body[2..]);
                rate = BinaryPrimitives.ReadInt32LittleEndian(body[4..]);
            }
            else if (id.SequenceEqual("data"u8)) return rate > 0 && channels > 0 ? new WavSound(rate, channels, Samples(body)) : null;
            rest = rest[Math.Min(rest.Length, 8 + length + (length & 1))..];
        }
        return null;
    }

    private static void WriteHeader(Span<byte> file, int dataLength, int sampleRate, int channels)
    {
        "RIFF"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file[4..], HeaderLength - 8 + dataLength);
        "WAVEfmt "u8.CopyTo(file[8..]);
        BinaryPrimitives.WriteInt32LittleEndian(file[16..], 16);
        BinaryPrimitives.WriteInt16LittleEndian(file[20..], 1);
        BinaryPrimitives.WriteInt16LittleEndian(file[22..], (short)channels);
        BinaryPrimitives.WriteInt32LittleEndian(file[24..], sampleRate);
        BinaryPrimitives.WriteInt32LittleEndian(file[28..], sampleRate * channels * 2);
        BinaryPrimitives.WriteInt16LittleEndian(file[32..], (short)(channels * 2));
        BinaryPrimitives.WriteInt16LittleEndian(file[34..], 16);
        "data"u8.CopyTo(file[36..]);
        BinaryPrimitives.WriteInt32LittleEndian(file[40..], dataLength);
    }

    private static short[] Samples(ReadOnlySpan<byte> data)
    {
        var samples = new short[data.Length / 2];
        for (var i = 0; i < samples.Length; i++) samples[i] = BinaryPrimitives.ReadInt16LittleEndian(data[(2 * i)..]);
        return samples;
    }
}
