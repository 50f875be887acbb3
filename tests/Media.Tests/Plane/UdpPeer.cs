using System.Net;
using System.Net.Sockets;
using ClickToDial.Media.Plane;
using ClickToDial.Media.Rtp;
using ClickToDial.Media.Sdp;

namespace ClickToDial.Media.Tests.Plane;

/// <summary>A phone's RTP socket on the loopback: sends and receives whole packets with a generous deadline.</summary>
internal sealed class UdpPeer : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);
    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[2048];

    public UdpPeer(IPAddress? address = null)
    {
        address ??= IPAddress.Loopback;
        _socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        _socket.Bind(new IPEndPoint(address, 0));
    }

    public IPEndPoint EndPoint => (IPEndPoint)_socket.LocalEndPoint!;

    private bool IsV6 => _socket.AddressFamily == AddressFamily.InterNetworkV6;

    public uint Ssrc { get; init; } = 0x11223344;

    /// <summary>What offer and answer with this phone would have settled.</summary>
    public AudioAgreement Agreement(params (AudioCodec Codec, byte Number)[] codecs) => new(
        EndPoint.Address,
        EndPoint.Port,
        EndPoint.Port + 1,
        RtcpMux: false,
        MediaDirection.SendRecv,
        20,
        [.. codecs.Select(c => new NegotiatedCodec(c.Codec, c.Number, c.Number))]);

    public void Send(MediaLeg leg, byte payloadType, ushort sequence, uint timestamp, ReadOnlySpan<byte> payload, bool marker = false)
    {
        var packet = new byte[RtpHeader.FixedLength + payload.Length];
        RtpHeader.Write(packet, payloadType, marker, sequence, timestamp, Ssrc);
        payload.CopyTo(packet.AsSpan(RtpHeader.FixedLength));
        SendRaw(leg.LocalPort, packet);
    }

    public void SendRaw(int port, byte[] datagram) => _socket.SendTo(datagram, new IPEndPoint(IsV6 ? IPAddress.IPv6Loopback : IPAddress.Loopback, port));

    public async Task<(RtpHeader Header, byte[] Payload, IPEndPoint From)> ReceiveAsync()
    {
        using var stop = new CancellationTokenSource(Deadline);
        var anyone = new IPEndPoint(IsV6 ? IPAddress.IPv6Any : IPAddress.Any, 0);
        SocketReceiveFromResult result;
        do result = await _socket.ReceiveFromAsync(_buffer, anyone, stop.Token);
        while (RtpHeader.IsRtcp(_buffer.AsSpan(0, result.ReceivedBytes))); // Reports for whoever has the port below.
        var packet = _buffer.AsSpan(0, result.ReceivedBytes);
        Assert.True(RtpHeader.TryRead(packet, out var header));
        return (header, packet[header.HeaderLength..].ToArray(), (IPEndPoint)result.RemoteEndPoint);
    }

    /// <summary>Datagrams that wait to be read. Meaningful once something that was sent later has been seen.</summary>
    public int Waiting => _socket.Available;

    public void Dispose() => _socket.Dispose();
}
