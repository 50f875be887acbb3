using System.Runtime.InteropServices;

namespace ClickToDial.Media.Linux;

/// <summary>Buffers that the kernel fills, and the ring in which they are offered to it (struct io_uring_buf_ring).</summary>
internal sealed unsafe class UringBuffers : IDisposable
{
    private const int EntrySize = 16;
    private const int TailOffset = 14;
    private const nuint Page = 4096;
    private readonly int _count;
    private readonly byte* _ring;
    private readonly byte* _memory;
    private readonly ushort* _taken;
    private int _takenCount;
    private ushort _tail;

    /// <param name="count">A power of two, at most 32768.</param>
    public UringBuffers(int count)
    {
        _count = count;
        _ring = (byte*)NativeMemory.AlignedAlloc((nuint)(count * EntrySize), Page);
        NativeMemory.Clear(_ring, (nuint)(count * EntrySize));
        _memory = (byte*)NativeMemory.AlignedAlloc((nuint)count * PacketBuffers.Size, Page);
        _taken = (ushort*)NativeMemory.Alloc((nuint)count, sizeof(ushort));
    }

    public void* Ring => _ring;

    /// <summary>Offers every buffer, after the ring has been registered.</summary>
    public void FillAll()
    {
        for (var i = 0; i < _count; i++) Offer((ushort)i);
        Publish();
    }

    /// <summary>The buffer a completion names; it is ours until <see cref="Recycle"/>.</summary>
    public byte* Take(int id)
    {
        _taken[_takenCount++] = (ushort)id;
        return _memory + ((nint)id * PacketBuffers.Size);
    }

    /// <summary>Gives every taken buffer back.</summary>
    public void Recycle()
    {
        if (_takenCount == 0) return;
        for (var i = 0; i < _takenCount; i++) Offer(_taken[i]);
        _takenCount = 0;
        Publish();
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_ring);
        NativeMemory.AlignedFree(_memory);
        NativeMemory.Free(_taken);
    }

    // struct io_uring_buf: address(8) length(4) id(2); the last two octets of the first one are the ring's tail.
    private void Offer(ushort id)
    {
        var entry = _ring + ((nint)(_tail & (_count - 1)) * EntrySize);
        *(ulong*)entry = (ulong)(_memory + ((nint)id * PacketBuffers.Size));
        *(uint*)(entry + 8) = PacketBuffers.Size;
        *(ushort*)(entry + 12) = id;
        _tail++;
    }

    private void Publish() => Volatile.Write(ref *(ushort*)(_ring + TailOffset), _tail);
}
