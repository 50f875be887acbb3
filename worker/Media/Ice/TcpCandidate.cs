using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using ClickToDial.Media.Plane;
using Microsoft.Extensions.Logging;

namespace ClickToDial.Media.Ice;

/// <summary>
/// The passive TCP candidate (RFC 6544) beside the UDP port that browsers share. Each connection gets a datagram socket of its own on
/// this machine, through which its frames (RFC 4571) enter the UDP port like those of any other peer and come back: so the packet
/// path knows of one transport only. The price is one more hop, for the few who cannot do without.
/// </summary>
internal sealed class TcpCandidate : IAsyncDisposable
{
    private const int MaxConnections = 2000;
    private const int MaxPerSource = 64;
    private const int MaxFrame = 2048;
    private const int FrameHeader = 2;

    // Checks of connectivity never pause for that long while a call is up (RFC 7675 section 5.1).
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

    // Only who proved itself is ever answered; a browser has its first answer after one round trip.
    private static readonly TimeSpan Proof = TimeSpan.FromSeconds(10);

    // After an accept that failed: what made it fail rarely passes at once.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Socket _listener;
    private readonly IPEndPoint _port;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Task, IPAddress> _connections = new();
    private readonly Task _accepting;

    /// <param name="accept">Gives the next connection of the listener.</param>
    internal TcpCandidate(Socket listener, IPEndPoint port, TimeProvider time, ILogger logger, Func<CancellationToken, ValueTask<Socket>> accept)
    {
        _listener = listener;
        _port = port;
        _time = time;
        _logger = logger;
        _accepting = AcceptAsync(accept);
    }

    /// <exception cref="IOException">The port is taken.</exception>
    public static TcpCandidate Start(IPAddress bind, int port, TimeProvider time, ILogger logger)
    {
        var listener = new Socket(bind.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (bind.Equals(IPAddress.IPv6Any)) listener.DualMode = true;
            listener.Bind(new IPEndPoint(bind, port));
            listener.Listen(128);
        }
        catch (SocketException e)
        {
            listener.Dispose();
            throw new IOException($"Cannot listen on {bind}:{port} for browsers by TCP: {e.SocketErrorCode}.", e);
        }
        var here = bind.Equals(IPAddress.Any) ? IPAddress.Loopback : bind.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : bind;
        return new TcpCandidate(listener, new IPEndPoint(here, port), time, logger, listener.AcceptAsync);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_connections.Keys);
        _stop.Dispose();
    }

    // One failure, of a peer that went while it waited or of a process short of descriptors, must not end this way for all others.
    private async Task AcceptAsync(Func<CancellationToken, ValueTask<Socket>> accept)
    {
        var isFailing = false;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                Take(await accept(_stop.Token));
                isFailing = false;
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return; // The plane ends.
            }
            catch (SocketException e)
            {
                if (!isFailing && !_stop.IsCancellationRequested) MediaLog.TcpAcceptFailed(_logger, e.SocketErrorCode);
                isFailing = true;
                await Task.Delay(Pause, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void Take(Socket connection)
    {
        if (connection.RemoteEndPoint is not IPEndPoint { Address: var source }
            || _connections.Count >= MaxConnections || _connections.Values.Count(source.Equals) >= MaxPerSource)
        {
            connection.Dispose();
            return;
        }
        var serving = ServeAsync(connection);
        _connections[serving] = source;
        _ = serving.ContinueWith(done => _connections.TryRemove(done, out _), TaskScheduler.Default);
    }

    private async Task ServeAsync(Socket connection)
    {
        await Task.Yield();
        using (connection)
        {
            // Each way has one limit, put off with each frame: a timer of a frame's own would cost more than the frame.
            using var inwards = new CancellationTokenSource(Silence, _time);
            using var outwards = new CancellationTokenSource(Proof, _time);
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, inwards.Token, outwards.Token);
            try
            {
                using var datagrams = new Socket(_port.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
                connection.NoDelay = true;
                await datagrams.ConnectAsync(_port, ending.Token);
                var (fromPeer, toPeer) = (InwardsAsync(connection, datagrams, inwards, ending.Token), OutwardsAsync(connection, datagrams, outwards, ending.Token));
                await EndAsync(fromPeer, toPeer, ending);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // The peer went, sent what is no frame, or was silent for too long; or this process has no descriptor left.
            }
        }
    }

    // Neither way outlives the other, nor what both use.
    private static async Task EndAsync(Task fromPeer, Task toPeer, CancellationTokenSource ending)
    {
        await Task.WhenAny(fromPeer, toPeer);
        await ending.CancelAsync();
        await Task.WhenAll(fromPeer, toPeer);
    }

    private static async Task InwardsAsync(Socket connection, Socket datagrams, CancellationTokenSource limit, CancellationToken stop)
    {
        var buffer = new byte[MaxFrame];
        while (await FillAsync(connection, buffer.AsMemory(0, FrameHeader), limit, stop))
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(buffer);
            if (length > MaxFrame || !await FillAsync(connection, buffer.AsMemory(0, length), limit, stop)) return;
            if (length > 0) await datagrams.SendAsync(buffer.AsMemory(0, length), SocketFlags.None, stop);
        }
    }

    // Who is not answered for so long holds a place that it has no leg for, or has none any more.
    private static async Task OutwardsAsync(Socket connection, Socket datagrams, CancellationTokenSource limit, CancellationToken stop)
    {
        var buffer = new byte[FrameHeader + MaxFrame];
        while (true)
        {
            var length = await datagrams.ReceiveAsync(buffer.AsMemory(FrameHeader, MaxFrame), SocketFlags.None, stop);
            limit.CancelAfter(Silence);
            BinaryPrimitives.WriteUInt16BigEndian(buffer, (ushort)length);
            for (var sent = 0; sent < FrameHeader + length;)
                sent += await connection.SendAsync(buffer.AsMemory(sent, FrameHeader + length - sent), SocketFlags.None, stop);
        }
    }

    // False at the end of the stream.
    private static async ValueTask<bool> FillAsync(Socket connection, Memory<byte> destination, CancellationTokenSource limit, CancellationToken stop)
    {
        while (!destination.IsEmpty)
        {
            var got = await connection.ReceiveAsync(destination, SocketFlags.None, stop);
            if (got == 0) return false;
            limit.CancelAfter(Silence);
            destination = destination[got..];
        }
        return true;
    }
}
