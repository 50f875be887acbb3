using System.Net;
using System.Net.Sockets;

namespace ClickToDial.TestKit.Network;

/// <summary>
/// A way for datagrams between one client and a server on which some are lost, in each direction by a chance that the seed
/// repeats. The server sees another address than the client's own, as behind a NAT.
/// </summary>
public sealed class LossyPath : IAsyncDisposable
{
    private readonly Socket _inside = Bound();
    private readonly Socket _outside = Bound();
    private readonly CancellationTokenSource _stop = new();
    private readonly double _loss;
    private readonly Task _moving;
    private volatile IPEndPoint? _client;
    private int _lost;

    /// <param name="loss">Share of datagrams that never arrive, in each direction.</param>
    public LossyPath(IPEndPoint server, double loss, int seed)
    {
        _loss = loss;
        _moving = Task.WhenAll(
            MoveAsync(_inside, new Random(seed), from => { _client = from; return (_outside, server); }),
            MoveAsync(_outside, new Random(~seed), _ => (_inside, _client)));
    }

    /// <summary>Where the client sends to instead of the server.</summary>
    public IPEndPoint Entry => (IPEndPoint)_inside.LocalEndPoint!;

    /// <summary>Datagrams lost so far.</summary>
    public int Lost => Volatile.Read(ref _lost);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _moving;
        _inside.Dispose();
        _outside.Dispose();
        _stop.Dispose();
    }

    private static Socket Bound()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private async Task MoveAsync(Socket from, Random chance, Func<IPEndPoint, (Socket Socket, IPEndPoint? To)> onward)
    {
        var buffer = new byte[65536];
        var anyone = new IPEndPoint(IPAddress.Any, 0);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var got = await from.ReceiveFromAsync(buffer, SocketFlags.None, anyone, _stop.Token);
                var (socket, to) = onward((IPEndPoint)got.RemoteEndPoint);
                if (to is null || chance.NextDouble() < _loss) Interlocked.Increment(ref _lost);
                else await socket.SendToAsync(buffer.AsMemory(0, got.ReceivedBytes), SocketFlags.None, to, _stop.Token);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // An ICMP error of an earlier datagram, or the end.
            }
        }
    }
}
