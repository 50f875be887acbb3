using System.Runtime.InteropServices;
using ClickToDial.Media.Linux;
using ClickToDial.Media.Rtp;

namespace ClickToDial.Media.Tests.Plane;

/// <summary>Keeps what a relay sends instead of sending it, so that tests move the clock themselves.</summary>
internal sealed unsafe class RecordingEngine : IPacketEngine
{
    private readonly byte* _buffer = (byte*)NativeMemory.Alloc(PacketBuffers.Size);

    public List<(int Socket, RtpHeader Header, byte[] Payload)> Sent { get; } = [];

    public List<(int Socket, byte[] Datagram)> SentRtcp { get; } = [];

    /// <summary>RTP packets as they left, protected or not.</summary>
    public List<(int Socket, byte[] Datagram)> Datagrams { get; } = [];

    public Dictionary<int, ulong> Keys { get; } = [];

    public string Name => "recording";

    public long SendFailures => 0;

    public void Add(int socket, ulong key) => Keys[socket] = key;

    public void Remove(int socket) => Keys.Remove(socket);

    public void Release(int socket) => Keys.Remove(socket);

    public void Send(int socket, in SocketName to, byte* data, int length)
    {
        var packet = new ReadOnlySpan<byte>(data, length);
        if (RtpHeader.IsRtcp(packet))
        {
            SentRtcp.Add((socket, packet.ToArray()));
            return;
        }
        Datagrams.Add((socket, packet.ToArray()));
        Assert.True(RtpHeader.TryRead(packet, out var header));
        Sent.Add((socket, header, packet[header.HeaderLength..].ToArray()));
    }

    public byte* Rent() => _buffer;

    public void Wait(long nanoseconds, IPacketSink sink) => throw new NotSupportedException("The test delivers packets itself.");

    public int Wakes { get; private set; }

    public void Wake() => Wakes++;

    public void Dispose() => NativeMemory.Free(_buffer);
}
