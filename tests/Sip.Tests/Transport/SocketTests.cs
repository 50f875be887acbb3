using System.Net;
using System.Net.Sockets;
using System.Text;
using ClickToDial.Sip.Parsing;
using ClickToDial.Sip.Tests.Endpoint;
using ClickToDial.Sip.Transport;
using ClickToDial.TestKit.Time;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClickToDial.Sip.Tests.Transport;

/// <summary>The transports over real loopback sockets.</summary>
public sealed class SocketTests
{
    private const string Head = "OPTIONS sip:a@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.1:1;branch=z9hG4bK1;rport\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\nCall-ID: c\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\n";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Garbage_and_keep_alives_over_UDP_leave_no_trace()
    {
        var sink = new TransportSink();
        await using var transport = new UdpTransport(new IPEndPoint(IPAddress.Loopback, 0), SipLimits.Default, NullLogger.Instance);
        transport.Start(sink);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(transport.Local);

        foreach (var junk in new[] { "", "\r\n\r\n", "x", "GET / HTTP/1.1\r\n\r\n", "SIP/2.0 999 No\r\n\r\n", new string('A', 60_000) }) await socket.SendAsync(Encoding.ASCII.GetBytes(junk));
        await socket.SendAsync(Encoding.ASCII.GetBytes(Head + "\r\n"));

        var (message, flow) = await sink.Next();
        Assert.Equal("c", message.CallId);
        Assert.Equal(socket.LocalEndPoint, flow.Remote);
        Assert.True(transport.TrySend(flow, "SIP/2.0 200 OK\r\n\r\n"u8));
        var buffer = new byte[100];
        Assert.Equal(18, await socket.ReceiveAsync(buffer).WaitAsync(Patience));
    }

    [Fact]
    public async Task One_octet_at_a_time_a_stream_is_read_and_a_ping_answered()
    {
        var sink = new TransportSink();
        await using var transport = Tcp(TimeProvider.System);
        transport.Start(sink);
        using var socket = await Connect(transport);

        foreach (var octet in Encoding.ASCII.GetBytes($"\r\n\r\n{Head}Content-Length: 2\r\n\r\nhi")) await socket.SendAsync(new[] { octet });

        Assert.Equal("hi", Encoding.ASCII.GetString((await sink.Next()).Message.Body.Span));
        var pong = new byte[10];
        Assert.Equal(2, await socket.ReceiveAsync(pong).WaitAsync(Patience));
    }

    [Fact]
    public async Task The_connection_of_a_peer_is_used_in_both_directions()
    {
        var sink = new TransportSink();
        await using var transport = Tcp(TimeProvider.System);
        transport.Start(sink);
        using var socket = await Connect(transport);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"{Head}Content-Length: 0\r\n\r\n"));
        var (_, flow) = await sink.Next();

        Assert.True(transport.TrySend(flow, "hello"u8));

        var buffer = new byte[10];
        Assert.Equal(5, await socket.ReceiveAsync(buffer).WaitAsync(Patience));
        Assert.Equal(1, transport.ConnectionCount);
    }

    [Fact]
    public async Task A_stream_that_cannot_be_read_on_gets_its_refusal_and_is_closed()
    {
        await using var phone = new TestPhone();
        var address = phone.Endpoint.Listening.First(l => l.Kind == SipTransportKind.Tcp).Address;
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(address);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"{Head}Content-Length: 70000\r\n\r\n"));

        var answer = await ReadToEnd(socket);

        Assert.StartsWith("SIP/2.0 513 Message Too Large", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_that_never_ends_costs_its_connection()
    {
        var time = new ManualTimeProvider();
        var sink = new TransportSink();
        await using var transport = Tcp(time);
        transport.Start(sink);
        using var slow = await Connect(transport);
        await slow.SendAsync(Encoding.ASCII.GetBytes(Head));
        using var good = await Connect(transport);
        await good.SendAsync(Encoding.ASCII.GetBytes($"{Head}Content-Length: 0\r\n\r\n"));
        await sink.Next(); // Connections are accepted in turn: the slow one is known by now.

        time.Advance(TimeSpan.FromSeconds(40));

        Assert.Equal("", await ReadToEnd(slow));
        Assert.Equal(slow.LocalEndPoint, (await sink.FlowFailed.WaitAsync(Patience)).Remote);
        Assert.Equal(1, transport.ConnectionCount);
    }

    [Fact]
    public async Task A_peer_that_refuses_the_connection_is_reported()
    {
        var sink = new TransportSink();
        await using var transport = Tcp(TimeProvider.System);
        transport.Start(sink);
        using var nobody = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        nobody.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // Bound, not listening.
        var flow = new SipFlow(SipTransportKind.Tcp, (IPEndPoint)nobody.LocalEndPoint!);

        Assert.True(transport.TrySend(flow, "x"u8));

        Assert.Equal(flow, await sink.ConnectFailed.WaitAsync(Patience));
        Assert.Equal(0, transport.ConnectionCount);
    }

    [Fact]
    public async Task Beyond_the_limit_connections_are_refused()
    {
        await using var transport = new TcpTransport(new IPEndPoint(IPAddress.Loopback, 0),
            new TcpSettings(TimeProvider.System, SipLimits.Default, NullLogger.Instance) { MaxConnections = 1 });
        var sink = new TransportSink();
        transport.Start(sink);
        using var first = await Connect(transport);
        await first.SendAsync(Encoding.ASCII.GetBytes($"{Head}Content-Length: 0\r\n\r\n"));
        await sink.Next();
        using var second = await Connect(transport);

        Assert.Equal("", await ReadToEnd(second));
        Assert.Equal(1, transport.ConnectionCount);
    }

    [Fact]
    public async Task One_address_cannot_take_all_connections()
    {
        await using var transport = new TcpTransport(new IPEndPoint(IPAddress.Loopback, 0),
            new TcpSettings(TimeProvider.System, SipLimits.Default, NullLogger.Instance) { MaxConnectionsPerSource = 1 });
        var sink = new TransportSink();
        transport.Start(sink);
        using var first = await Connect(transport);
        await first.SendAsync(Encoding.ASCII.GetBytes($"{Head}Content-Length: 0\r\n\r\n"));
        await sink.Next();
        using var second = await Connect(transport);
        Assert.Equal("", await ReadToEnd(second));

        using var other = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        other.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0));
        await other.ConnectAsync(transport.Local);
        await other.SendAsync(Encoding.ASCII.GetBytes($"{Head}Content-Length: 0\r\n\r\n"));
        Assert.Equal(other.LocalEndPoint, (await sink.Next()).Flow.Remote);
    }

    [Fact]
    public async Task Without_descriptors_accepting_pauses_and_goes_on()
    {
        var time = new ManualTimeProvider();
        using var stop = new CancellationTokenSource();
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        var adopted = new TaskCompletionSource<Socket>(TaskCreationOptions.RunContinuationsAsynchronously);
        var calls = 0;
        var loop = new AcceptLoop(Accept, adopted.SetResult, new IPEndPoint(IPAddress.Loopback, 0), new TcpSettings(time, SipLimits.Default, NullLogger.Instance));

        var running = loop.RunAsync(stop.Token); // Runs up to its first wait.
        Assert.Equal((1, 1, false), (calls, time.ArmedTimers, running.IsCompleted));
        time.Advance(AcceptLoop.Pause);
        Assert.Same(socket, await adopted.Task.WaitAsync(Patience));

        await stop.CancelAsync();
        await running.WaitAsync(Patience);

        async ValueTask<Socket> Accept(CancellationToken token)
        {
            switch (Interlocked.Increment(ref calls))
            {
                case 1: throw new SocketException((int)SocketError.TooManyOpenSockets);
                case 2: return socket;
            }
            await Task.Delay(Timeout.InfiniteTimeSpan, token);
            throw new InvalidOperationException();
        }
    }

    private static TcpTransport Tcp(TimeProvider time) => new(new IPEndPoint(IPAddress.Loopback, 0), new TcpSettings(time, SipLimits.Default, NullLogger.Instance));

    private static async Task<Socket> Connect(TcpTransport transport)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(transport.Local);
        return socket;
    }

    private static async Task<string> ReadToEnd(Socket socket)
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        try
        {
            for (int n; (n = await socket.ReceiveAsync(buffer).WaitAsync(Patience)) > 0;) text.Append(Encoding.ASCII.GetString(buffer, 0, n));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            // Closed with unread bytes: for the peer that is an end like any other.
        }
        return text.ToString();
    }
}
