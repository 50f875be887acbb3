using System.Runtime.InteropServices;
using ClickToDial.Media.Linux;

namespace ClickToDial.Media.Tests.Transcoding;

/// <summary>Counts what a relay sends and keeps nothing, so that allocations are the relay's own.</summary>
internal sealed unsafe class SilentEngine : IPacketEngine
{
    private readonly byte* _buffer = (byte*)NativeMemory.Alloc(PacketBuffers.Size);

    public int Sent { get; private set; }

    public string Name => "silent";

    public long SendFailures => 0;

    public void Add(int socket, ulong key)
    {
    }

    public void Remove(int socket)
    {
    }

    public void Release(int socket)
    {
    }

    public void Send(int socket, in SocketName to, byte* data, int length) => Sent++;

    public byte* Rent() => _buffer;

    public void Wait(long nanoseconds, IPacketSink sink) => throw new NotSupportedException("The test delivers packets itself.");

    public void Wake()
    {
    }

    public void Dispose() => NativeMemory.Free(_buffer);
}
