using System.Net;
using System.Net.Sockets;
using ClickToDial.Media.Linux;

namespace ClickToDial.Media.Tests.Linux;

public sealed unsafe class EpollEngineTests : IPacketSink
{
    private const int Waiting = 60; // more than one call of recvmmsg brings
    private int _taken;

    [Fact]
    public void A_port_that_many_share_is_emptied_in_one_turn()
    {
        using var engine = new EpollEngine(new MediaClock(TimeProvider.System), TimeSpan.Zero);
        using var peer = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        using var probe = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)probe.Client.LocalEndPoint!).Port;
        probe.Close();
        engine.Add(UdpSocket.Open(IPAddress.Loopback, port, UdpSocket.SharedBufferBytes), 1UL << 32);
        for (var i = 0; i < Waiting; i++) peer.Send([1, 2, 3], 3, new IPEndPoint(IPAddress.Loopback, port));
        engine.Wait(10_000_000_000, this);
        Assert.Equal(Waiting, _taken);
    }

    void IPacketSink.BeginBatch()
    {
    }

    void IPacketSink.OnPacket(ulong key, byte* data, int length, in SocketName from) => _taken++;

    void IPacketSink.OnReleased(ulong key) => Assert.Fail("Nothing was released.");
}
