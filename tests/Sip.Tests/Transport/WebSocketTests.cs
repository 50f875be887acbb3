using System.IO.Pipelines;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using ClickToDial.Sip.Parsing;
using ClickToDial.Sip.Tests.Endpoint;
using ClickToDial.Sip.Transport;
using ClickToDial.TestKit.Time;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClickToDial.Sip.Tests.Transport;

/// <summary>RFC 7118, both ends of a real WebSocket over a pipe: the upgrade is the web server's business.</summary>
public sealed class WebSocketTests
{
    private const string Message = "OPTIONS sip:a@h SIP/2.0\r\nVia: SIP/2.0/WSS x.invalid;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\nCall-ID: c\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\n\r\n";

    private static readonly IPEndPoint Browser = IPEndPoint.Parse("192.0.2.77:50000");

    [Theory]
    [InlineData(WebSocketMessageType.Text, 1000)]
    [InlineData(WebSocketMessageType.Binary, 1000)]
    [InlineData(WebSocketMessageType.Text, 7)]
    public async Task A_message_is_one_frame_or_many_and_answered_on_the_same_socket(WebSocketMessageType type, int fragment)
    {
        await using var transport = New();
        var sink = new TransportSink();
        transport.Start(sink);
        var (browser, serving) = Connect(transport);
        await Send(browser, Message, type, fragment);
        await Send(browser, Message.Replace("Call-ID: c", "Call-ID: d", StringComparison.Ordinal), type, fragment);

        var (first, flow) = await sink.Next();
        Assert.Equal(("c", new SipFlow(SipTransportKind.Wss, Browser)), (first.CallId, flow));
        Assert.Equal("d", (await sink.Next()).Message.CallId);
        Assert.True(transport.IsOpen(flow));
        Assert.True(transport.TrySend(flow, "SIP/2.0 200 OK\r\n\r\n"u8));
        Assert.True(transport.TrySend(flow, [0xFF, 0xFE]));
        Assert.Equal((WebSocketMessageType.Text, "SIP/2.0 200 OK\r\n\r\n"), await Read(browser));
        Assert.Equal(WebSocketMessageType.Binary, (await Read(browser)).Type);

        await browser.CloseAsync(WebSocketCloseStatus.NormalClosure, null, default).WaitAsync(TestPhone.Patience);
        await serving.WaitAsync(TestPhone.Patience);
        Assert.Equal(flow, await sink.FlowFailed.WaitAsync(TestPhone.Patience));
        Assert.False(transport.IsOpen(flow) || transport.TrySend(flow, "x"u8));
    }

    [Fact]
    public async Task A_ping_is_answered_and_garbage_is_not()
    {
        await using var transport = New();
        transport.Start(new TransportSink());
        var (browser, _) = Connect(transport);
        foreach (var text in new[] { "", "GET / HTTP/1.1\r\n\r\n", "\r\n", "\r\n\r\n" }) await Send(browser, text, WebSocketMessageType.Text, 1000);

        Assert.Equal((WebSocketMessageType.Text, "\r\n"), await Read(browser));
    }

    [Fact]
    public async Task A_message_too_large_costs_its_connection_while_it_arrives()
    {
        await using var transport = New();
        transport.Start(new TransportSink());
        var (browser, serving) = Connect(transport);

        await browser.SendAsync(new byte[40_000], WebSocketMessageType.Text, endOfMessage: false, default);
        await browser.SendAsync(new byte[40_000], WebSocketMessageType.Text, endOfMessage: false, default);

        await Read(browser);
        Assert.Equal(WebSocketCloseStatus.MessageTooBig, browser.CloseStatus);
        await serving.WaitAsync(TestPhone.Patience);
        Assert.Equal(0, transport.ConnectionCount);
    }

    [Theory]
    [InlineData("chat")]
    [InlineData(null)]
    public async Task Another_subprotocol_is_not_served(string? subprotocol)
    {
        await using var transport = New();
        transport.Start(new TransportSink());
        var (_, serving) = Connect(transport, subprotocol);

        await serving.WaitAsync(TestPhone.Patience);

        Assert.Equal(0, transport.ConnectionCount);
    }

    [Fact]
    public async Task A_socket_that_stays_silent_is_closed_in_the_end()
    {
        var time = new ManualTimeProvider();
        await using var transport = New(time);
        var sink = new TransportSink();
        transport.Start(sink);
        var (browser, serving) = Connect(transport);
        await Send(browser, Message, WebSocketMessageType.Text, 1000);
        await sink.Next();

        time.Advance(TimeSpan.FromMinutes(29));
        Assert.Equal(1, transport.ConnectionCount);
        time.Advance(TimeSpan.FromMinutes(2));

        await serving.WaitAsync(TestPhone.Patience);
        Assert.Equal(0, transport.ConnectionCount);
    }

    [Fact]
    public async Task The_end_of_the_transport_ends_its_sockets()
    {
        var transport = New();
        transport.Start(new TransportSink());
        var (_, serving) = Connect(transport);

        await transport.DisposeAsync().AsTask().WaitAsync(TestPhone.Patience);

        await serving.WaitAsync(TestPhone.Patience);
        Assert.Equal(0, transport.ConnectionCount);
    }

    [Fact]
    public async Task One_source_cannot_take_all_sockets_but_a_proxy_on_this_host_may()
    {
        await using var transport = new WebSocketTransport(SipTransportKind.Wss, new IPEndPoint(IPAddress.Loopback, 443),
            new TcpSettings(TimeProvider.System, SipLimits.Default, NullLogger.Instance) { MaxConnectionsPerSource = 1 });
        transport.Start(new TransportSink());
        Connect(transport, remote: IPEndPoint.Parse("[2001:db8::1]:1"));
        await Connect(transport, remote: IPEndPoint.Parse("[2001:db8::2]:1")).Serving.WaitAsync(TestPhone.Patience);
        Connect(transport, remote: IPEndPoint.Parse("[2001:db8:0:1::1]:1"));
        Assert.Equal(2, transport.ConnectionCount);
        Connect(transport, remote: IPEndPoint.Parse("127.0.0.1:1"));
        Connect(transport, remote: IPEndPoint.Parse("127.0.0.1:2"));
        Assert.Equal(4, transport.ConnectionCount);
    }

    private static WebSocketTransport New(TimeProvider? time = null) => new(SipTransportKind.Wss, new IPEndPoint(IPAddress.Loopback, 443),
        new TcpSettings(time ?? TimeProvider.System, SipLimits.Default, NullLogger.Instance));

    private static (WebSocket Browser, Task Serving) Connect(
        WebSocketTransport transport, string? subprotocol = WebSocketTransport.Subprotocol, IPEndPoint? remote = null)
    {
        var (up, down) = (new Pipe(), new Pipe());
        var browser = WebSocket.CreateFromStream(new Duplex(down.Reader.AsStream(), up.Writer.AsStream()), new WebSocketCreationOptions { SubProtocol = subprotocol });
        var server = WebSocket.CreateFromStream(new Duplex(up.Reader.AsStream(), down.Writer.AsStream()), new WebSocketCreationOptions { IsServer = true, SubProtocol = subprotocol });
        return (browser, transport.ServeAsync(server, remote ?? Browser, default));
    }

    private static async Task Send(WebSocket browser, string text, WebSocketMessageType type, int fragment)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var at = 0; at < bytes.Length || at == 0; at += fragment)
            await browser.SendAsync(bytes.AsMemory(at, Math.Min(fragment, bytes.Length - at)), type, at + fragment >= bytes.Length, default);
    }

    private static async Task<(WebSocketMessageType Type, string Text)> Read(WebSocket browser)
    {
        var buffer = new byte[4096];
        var got = await browser.ReceiveAsync(buffer.AsMemory(), default).AsTask().WaitAsync(TestPhone.Patience);
        return (got.MessageType, Encoding.UTF8.GetString(buffer, 0, got.Count));
    }

    private sealed class Duplex(Stream read, Stream write) : Stream
    {
        public override bool CanRead => true;

        public override bool CanWrite => true;

        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => read.ReadAsync(buffer, cancellationToken);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => write.WriteAsync(buffer, cancellationToken);

        public override Task FlushAsync(CancellationToken cancellationToken) => write.FlushAsync(cancellationToken);

        public override void Flush() => write.Flush();

        public override int Read(byte[] buffer, int offset, int count) => read.Read(buffer, offset, count);

        public override void Write(byte[] buffer, int offset, int count) => write.Write(buffer, offset, count);

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            read.Dispose();
            write.Dispose();
            base.Dispose(disposing);
        }
    }
}
