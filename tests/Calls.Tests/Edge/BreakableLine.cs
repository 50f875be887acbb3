using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using ClickToDial.TestKit.Events;

namespace ClickToDial.Calls.Tests.Edge;

/// <summary>A way to a server that can be cut: what goes over it ends, and what is begun then waits until it is mended.</summary>
public sealed class BreakableLine : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly IPEndPoint _server;
    private readonly ConcurrentBag<Socket> _open = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private volatile TaskCompletionSource? _cut;

    public BreakableLine(Uri server)
    {
        _server = IPEndPoint.Parse(server.Authority);
        _listener.Start();
        Entry = new Uri($"http://{_listener.LocalEndpoint}");
        _accepting = AcceptAsync();
    }

    public Uri Entry { get; }

    /// <summary>Connections that have ended.</summary>
    public EventLog<Uri> Ended { get; } = new("connections that have ended");

    public void Cut()
    {
        _cut = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        while (_open.TryTake(out var socket)) socket.Dispose();
    }

    public void Mend()
    {
        var cut = _cut!;
        _cut = null;
        cut.SetResult();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        while (_open.TryTake(out var socket)) socket.Dispose();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = CarryAsync(await _listener.AcceptSocketAsync(_stop.Token));
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task CarryAsync(Socket from)
    {
        using var to = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (_cut is { } cut) await cut.Task.WaitAsync(_stop.Token);
            await to.ConnectAsync(_server, _stop.Token);
            _open.Add(from);
            _open.Add(to);
            await Task.WhenAny(CopyAsync(from, to), CopyAsync(to, from));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // One of both ends has gone.
        }
        finally
        {
            from.Dispose();
            Ended.Append(Entry);
        }
    }

    private static async Task CopyAsync(Socket from, Socket to)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer) is > 0 and var length) await to.SendAsync(buffer.AsMemory(0, length));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The line is cut, or one of both ends has gone.
        }
    }
}
