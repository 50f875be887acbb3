using System.Buffers.Binary;

namespace ClickToDial.Media.Recording;

/// <summary>
/// The 44 octets before the samples of a 16-bit stereo WAV file. While the file is being written its lengths say "unknown"
/// (all ones), which players and our own reader take as "to the end of the file".
/// </summary>
internal static class WavHeader
{
    public const int Length = 44;

    /// <summary>More would not fit the lengths; whole samples.</summary>
    public const uint MaxDataLength = uint.MaxValue - 64 & ~3u;

    private const uint Unknown = uint.MaxValue;

    public static void WriteOpen(Span<byte> header, int sampleRate) => Write(header, sampleRate, Unknown, Unknown);

    public static void WriteClosed(Span<byte> header, int sampleRate, uint dataLength) =>
        Write(header, sampleRate, Length - 8 + dataLength, dataLength);

    /// <summary>The sample rate, when this is a header of ours.</summary>
    public static bool TryRead(ReadOnlySpan<byte> header, out int sampleRate, out uint dataLength)
    {
        sampleRate = 0;
        dataLength = 0;
        if (header.Length < Length || !header.StartsWith("RIFF"u8) || !header[8..].StartsWith("WAVEfmt "u8) || !header[36..].StartsWith("data"u8)) return false;
        if (BinaryPrimitives.ReadUInt32LittleEndian(header[20..]) != 0x0002_0001) return false; // PCM, two channels
        sampleRate = BinaryPrimitives.ReadInt32LittleEndian(header[24..]);
        dataLength = BinaryPrimitives.ReadUInt32LittleEndian(header[40..]);
        return sampleRate > 0 && BinaryPrimitives.ReadUInt16LittleEndian(header[34..]) == 16;
    }

    private static void Write(Span<byte> header, int sampleRate, uint riffLength, uint dataLength)
    {
        "RIFF"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], riffLength);
        "WAVEfmt "u8.CopyTo(header[8..]);
        BinaryPrimitives.WriteUInt32LittleEndian(header[16..], 16);
        BinaryPrimitives.WriteUInt32LittleEndian(header[20..], 0x0002_0001);
        BinaryPrimitives.WriteInt32LittleEndian(header[24..], sampleRate);
        BinaryPrimitives.WriteInt32LittleEndian(header[28..], 4 * sampleRate);
        BinaryPrimitives.WriteUInt32LittleEndian(header[32..], 0x0010_0004); // 4 octets a pair, 16 bits a sample
        "data"u8.CopyTo(header[36..]);
        BinaryPrimitives.WriteUInt32LittleEndian(header[40..], dataLength);
    }
}

/// <summary>What a look at a recording's file found.</summary>
public enum WavCondition
{
    /// <summary>Closed properly.</summary>
    Sound,

    /// <summary>It was cut off while being written; its header now says what it holds.</summary>
    Repaired,

    /// <summary>No file that was begun here.</summary>
    NotOurs,
}

/// <summary>Closes recordings whose process died: their sound is on the disk, only the header does not say how much.</summary>
public static class WavRepair
{
    /// <summary>Looks at one file, and mends it when that is needed. The file must not be written to by anybody else.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    public static WavCondition Repair(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
        Span<byte> header = stackalloc byte[WavHeader.Length];
        if (file.Length < header.Length) return WavCondition.NotOurs;
        file.ReadExactly(header);
        if (!WavHeader.TryRead(header, out var sampleRate, out var said)) return WavCondition.NotOurs;
        var held = (uint)Math.Min(file.Length - header.Length, WavHeader.MaxDataLength) & ~3u; // half a pair is dropped
        if (said == held) return WavCondition.Sound;
        file.SetLength(header.Length + held);
        WavHeader.WriteClosed(header, sampleRate, held);
        file.Position = 0;
        file.Write(header);
        file.Flush(flushToDisk: true);
        return WavCondition.Repaired;
    }
}
