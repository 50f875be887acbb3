using System.Net;
using System.Net.Sockets;
using ClickToDial.Media.Linux;

namespace ClickToDial.Media.Tests.Linux;

/// <summary>The engine over real sockets, with a kernel that takes fewer submissions than it is given. One thread, as the ring demands.</summary>
public sealed unsafe class UringEngineTests : IPacketSink, IDisposable
{
    private const ulong Key = 1UL << 32;
    private readonly UdpClient _peer = new(new IPEndPoint(IPAddress.Loopback, 0)) { Client = { ReceiveTimeout = 10_000 } };
    private readonly UringEngine? _engine;
    private readonly IPEndPoint _local;
    private readonly int _socket;
    private int _most = int.MaxValue;
    private int _echoed;
    private bool _released;

    public UringEngineTests()
    {
        try
        {
            _engine = new UringEngine(new MediaClock(TimeProvider.System), TimeSpan.Zero, waiting => Math.Min(waiting, _most));
        }
        catch (IOException refusal)
        {
            Assert.Skip($"This kernel or container has no io_uring for us: {refusal.Message}");
        }
        using var probe = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        _local = (IPEndPoint)probe.Client.LocalEndPoint!;
        probe.Close();
        _socket = UdpSocket.Open(IPAddress.Loopback, _local.Port);
        Engine.Add(_socket, Key);
        Engine.Wait(0, this);
    }

    private UringEngine Engine => _engine!;

    public void Dispose()
    {
        _engine?.Dispose();
        _peer.Dispose();
    }

    [Fact]
    public void Kernel_that_takes_submissions_piecemeal_loses_and_mixes_nothing()
    {
        _most = 3;
        for (var round = 0; round < 20; round++)
        {
            for (var i = 0; i < 50; i++) _peer.Send([(byte)round, (byte)i], _local);
            var target = (round + 1) * 50;
            for (var waits = 0; waits < 1000 && _echoed < target; waits++) Engine.Wait(1_000_000, this);
            Engine.Wait(0, this);
            for (var i = 0; i < 50; i++) Assert.Equal([(byte)round, (byte)i], Receive());
        }
        Assert.Equal(0, Engine.SendFailures);
    }

    [Fact]
    public void Sends_the_kernel_will_not_take_are_dropped_and_counted_and_never_leave_with_other_content()
    {
        for (byte i = 0; i < 5; i++) _peer.Send([i], _local);
        Engine.Wait(1_000_000_000, this); // the echoes of these are queued now
        Assert.Equal(5, _echoed);

        _most = 0;
        Engine.Wait(0, this);
        Assert.Equal(5, Engine.SendFailures);

        _most = int.MaxValue;
        _peer.Send([42], _local);
        while (_echoed < 6) Engine.Wait(1_000_000_000, this);
        Engine.Wait(0, this);
        Assert.Equal([42], Receive());
        Assert.Equal(0, _peer.Available);
    }

    [Fact]
    public void Rented_buffer_that_did_not_leave_is_not_sent_with_its_next_content()
    {
        var peer = (IPEndPoint)_peer.Client.LocalEndPoint!;
        var to = SocketName.From(peer.Address, peer.Port);
        _most = 0;
        SendOwn(1, to);
        Engine.Wait(0, this);
        SendOwn(2, to);
        _most = int.MaxValue;
        Engine.Wait(0, this);
        Assert.Equal([2], Receive());
        Assert.Equal(0, _peer.Available);
        Assert.Equal(1, Engine.SendFailures);
    }

    [Fact]
    public void Socket_is_received_from_again_though_the_kernel_took_nothing_for_a_while()
    {
        using var other = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0)) { Client = { ReceiveTimeout = 10_000 } };
        using var probe = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var local = (IPEndPoint)probe.Client.LocalEndPoint!;
        probe.Close();
        _most = 0;
        Engine.Add(UdpSocket.Open(IPAddress.Loopback, local.Port), Key + 2);
        for (var i = 0; i < 10; i++) Engine.Wait(0, this);
        _most = int.MaxValue;
        other.Send([7], local);
        while (_echoed < 1) Engine.Wait(1_000_000_000, this);
    }

    [Fact]
    public void Released_socket_stays_open_and_what_comes_later_waits_in_it()
    {
        _peer.Send([1], _local);
        while (_echoed < 1) Engine.Wait(1_000_000_000, this);
        Engine.Release(_socket);
        while (!_released) Engine.Wait(1_000_000_000, this);
        Assert.Equal([1], Receive());

        _peer.Send([2], _local);
        Engine.Wait(0, this);
        Assert.Equal(1, _echoed);

        Engine.Add(_socket, Key + 4); // as another engine would
        while (_echoed < 2) Engine.Wait(1_000_000_000, this);
        Engine.Wait(0, this);
        Assert.Equal([2], Receive());
    }

    void IPacketSink.BeginBatch()
    {
        // Nothing is prepared per batch.
    }

    void IPacketSink.OnPacket(ulong key, byte* data, int length, in SocketName from)
    {
        _echoed++;
        Engine.Send(_socket, from, data, length);
    }

    void IPacketSink.OnReleased(ulong key)
    {
        Assert.Equal(Key, key);
        _released = true;
    }

    private void SendOwn(byte content, in SocketName to)
    {
        var buffer = Engine.Rent();
        *buffer = content;
        Engine.Send(_socket, to, buffer, 1);
    }

    private byte[] Receive()
    {
        var from = new IPEndPoint(IPAddress.Any, 0);
        return _peer.Receive(ref from);
    }
}
