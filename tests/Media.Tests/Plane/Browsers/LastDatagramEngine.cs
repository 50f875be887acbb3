using System.Runtime.InteropServices;
using ClickToDial.Media.Linux;
using ClickToDial.Media.Plane;

namespace ClickToDial.Media.Tests.Plane.Browsers;

/// <summary>Keeps the last datagram, and those of a handshake, without allocating for the others.</summary>
internal sealed unsafe class LastDatagramEngine : IPacketEngine
{
    public const int Shared = 99;
    public const ulong Key = 4;
    private readonly byte* _buffer = (byte*)NativeMemory.Alloc(PacketBuffers.Size);
    private readonly byte[] _last = new byte[PacketBuffers.Size];

    public List<byte[]> Queue { get; } = [];

    public int Socket { get; private set; }

    public SocketName To { get; private set; }

    public int Length { get; private set; }

    /// <summary>Datagrams that were sent.</summary>
    public int Count { get; private set; }

    public ReadOnlySpan<byte> Datagram => _last.AsSpan(0, Length);

    public string Name => "last datagram";

    public long SendFailures => 0;

    public void Forget() => Length = 0;

    public void Add(int socket, ulong key) => Assert.True(socket != Shared || key == Key);

    public void Remove(int socket)
    {
    }

    public void Release(int socket)
    {
    }

    public void Send(int socket, in SocketName to, byte* data, int length)
    {
        new ReadOnlySpan<byte>(data, length).CopyTo(_last);
        (Socket, To, Length, Count) = (socket, to, length, Count + 1);
        if (*data is >= 20 and < 64) Queue.Add(new ReadOnlySpan<byte>(data, length).ToArray());
    }

    public byte* Rent() => _buffer;

    public void Wait(long nanoseconds, IPacketSink sink) => throw new NotSupportedException("The test delivers packets itself.");

    public void Wake()
    {
    }

    public void Dispose() => NativeMemory.Free(_buffer);
}
