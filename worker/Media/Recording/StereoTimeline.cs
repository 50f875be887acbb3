using System.Buffers.Binary;

namespace ClickToDial.Media.Recording;

/// <summary>
/// A window over the two channels: sound is put where it belongs, in any order, and the oldest part is taken out interleaved.
/// What nobody filled is silence. Holds the window and nothing more.
/// </summary>
internal sealed class StereoTimeline
{
    private readonly short[] _window;
    private readonly int _length;
    private long _start;

    /// <param name="samples">Of each channel in the window.</param>
    public StereoTimeline(int samples)
    {
        _length = samples;
        _window = new short[2 * samples];
    }

    /// <summary>The first sample that has not been taken.</summary>
    public long Start => _start;

    /// <summary>One past the last sample that was put.</summary>
    public long End { get; private set; }

    /// <summary>False when some of it lies outside the window: before it the sound is too late, behind it there is no room yet.</summary>
    public bool Put(RecordingSide side, long at, ReadOnlySpan<short> pcm)
    {
        var before = (int)Math.Clamp(_start - at, 0, pcm.Length);
        var behind = (int)Math.Clamp(at + pcm.Length - (_start + _length), 0, pcm.Length - before);
        var inside = pcm[before..^behind];
        for (var i = 0; i < inside.Length; i++) _window[(2 * (int)((at + before + i) % _length)) + (int)side] = inside[i];
        if (inside.Length > 0) End = Math.Max(End, at + before + inside.Length);
        return inside.Length == pcm.Length;
    }

    /// <summary>Takes the oldest samples as little-endian 16-bit pairs, left first.</summary>
    /// <returns>Octets written.</returns>
    public int Take(int samples, Span<byte> destination)
    {
        for (var i = 0; i < samples; i++)
        {
            var pair = _window.AsSpan(2 * (int)((_start + i) % _length), 2);
            BinaryPrimitives.WriteInt16LittleEndian(destination[(4 * i)..], pair[0]);
            BinaryPrimitives.WriteInt16LittleEndian(destination[((4 * i) + 2)..], pair[1]);
            pair.Clear();
        }
        _start += samples;
        return 4 * samples;
    }
}
