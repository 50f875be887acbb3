using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ClickToDial.Media.Recording;

/// <summary>A packet on its way from the packet path to the writer.</summary>
internal readonly record struct QueuedPacket(long Arrival, uint Ssrc, uint Timestamp, int Codec, int Length, ushort Sequence = 0, bool Marker = false);

/// <summary>
/// A ring of octets between one writing thread and one reading thread. Neither ever waits for the other: a packet that finds
/// no room is dropped and counted. No lock, no allocation, no signal; the reader comes by when it likes.
/// </summary>
internal sealed class PacketQueue
{
    private readonly byte[] _ring;
    private readonly int _mask;
    private long _head; // moved by the reader
    private long _tail; // moved by the writer
    private long _dropped;

    /// <param name="octets">A power of two.</param>
    public PacketQueue(int octets)
    {
        if (octets < 256 || (octets & (octets - 1)) != 0) throw new ArgumentOutOfRangeException(nameof(octets), octets, "Not a power of two of at least 256.");
        _ring = new byte[octets];
        _mask = octets - 1;
    }

    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>For the writing thread.</summary>
    public bool TryWrite(in QueuedPacket packet, ReadOnlySpan<byte> payload)
    {
        var length = Unsafe.SizeOf<QueuedPacket>() + payload.Length;
        if (_tail + length - Volatile.Read(ref _head) > _ring.Length)
        {
            Volatile.Write(ref _dropped, _dropped + 1);
            return false;
        }
        var header = packet with { Length = payload.Length };
        CopyIn(_tail, MemoryMarshal.AsBytes(MemoryMarshal.CreateReadOnlySpan(in header, 1)));
        CopyIn(_tail + Unsafe.SizeOf<QueuedPacket>(), payload);
        Volatile.Write(ref _tail, _tail + length); // the packet is whole before the reader may see it
        return true;
    }

    /// <summary>For the reading thread: when the next packet came; false when none waits.</summary>
    public bool TryPeek(out long arrival)
    {
        arrival = 0;
        if (_head == Volatile.Read(ref _tail)) return false;
        var packet = default(QueuedPacket);
        CopyOut(_head, MemoryMarshal.AsBytes(MemoryMarshal.CreateSpan(ref packet, 1)));
        arrival = packet.Arrival;
        return true;
    }

    /// <summary>For the reading thread.</summary>
    /// <param name="payload">As large as any packet that is written.</param>
    public bool TryRead(out QueuedPacket packet, Span<byte> payload)
    {
        packet = default;
        if (_head == Volatile.Read(ref _tail)) return false;
        CopyOut(_head, MemoryMarshal.AsBytes(MemoryMarshal.CreateSpan(ref packet, 1)));
        CopyOut(_head + Unsafe.SizeOf<QueuedPacket>(), payload[..packet.Length]);
        Volatile.Write(ref _head, _head + Unsafe.SizeOf<QueuedPacket>() + packet.Length);
        return true;
    }

    private void CopyIn(long at, ReadOnlySpan<byte> octets)
    {
        var start = (int)(at & _mask);
        var first = Math.Min(octets.Length, _ring.Length - start);
        octets[..first].CopyTo(_ring.AsSpan(start));
        octets[first..].CopyTo(_ring);
    }

    private void CopyOut(long at, Span<byte> octets)
    {
        var start = (int)(at & _mask);
        var first = Math.Min(octets.Length, _ring.Length - start);
        _ring.AsSpan(start, first).CopyTo(octets);
        _ring.AsSpan(0, octets.Length - first).CopyTo(octets[first..]);
    }
}
