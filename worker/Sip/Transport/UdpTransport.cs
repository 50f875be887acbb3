using System.Net;
using System.Net.Sockets;
using ClickToDial.Sip.Parsing;
using Microsoft.Extensions.Logging;

namespace ClickToDial.Sip.Transport;

/// <summary>SIP over UDP on one socket. Responses and requests leave from the port they are received on (RFC 3581 section 4).</summary>
public sealed class UdpTransport : ISipTransport
{
    private const int KernelBufferBytes = 4 * 1024 * 1024;
    private const int MaxKnownFlows = 8192;

    private readonly Socket _socket;
    private readonly SipLimits _limits;
    private readonly ILogger _logger;
    private readonly ISipTrace? _trace;
    private readonly Dictionary<SocketAddress, SipFlow> _flows = [];
    private readonly LogThrottle _overloaded;
    private Thread? _receiving;
    private volatile bool _stopping;

    /// <summary>Binds at once; throws <see cref="SocketException"/> when the address is taken.</summary>
    public UdpTransport(IPEndPoint local, SipLimits limits, ILogger logger, ISipTrace? trace = null, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(local);
        _limits = limits;
        _logger = logger;
        _trace = trace;
        _overloaded = new LogThrottle(time ?? TimeProvider.System);
        _socket = new Socket(local.AddressFamily, SocketType.Dgram, ProtocolType.Udp)
        {
            ReceiveBufferSize = KernelBufferBytes,
            SendBufferSize = KernelBufferBytes,
        };
        _socket.Bind(local);
        Local = (IPEndPoint)_socket.LocalEndPoint!;
    }

    public SipTransportKind Kind => SipTransportKind.Udp;

    public IPEndPoint Local { get; }

    /// <summary>Octets that may wait to be read. The kernel grants no more than net.core.rmem_max, without a word.</summary>
    public int ReceiveBuffer => _socket.ReceiveBufferSize / 2; // It tells twice what it grants (socket(7)).

    public void Start(ISipTransportSink sink)
    {
        if (ReceiveBuffer < KernelBufferBytes) SipLog.SmallReceiveBuffer(_logger, Local, ReceiveBuffer, KernelBufferBytes);
        _receiving = new Thread(() => Receive(sink)) { IsBackground = true, Name = "sip-udp" };
        _receiving.Start();
    }

    public bool TrySend(SipFlow flow, ReadOnlySpan<byte> message)
    {
        ArgumentNullException.ThrowIfNull(flow);
        try
        {
            _socket.SendTo(message, SocketFlags.None, flow.SocketAddress);
            _trace?.OnMessage(true, flow, message);
            return true;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            SipLog.DatagramNotSent(_logger, message.Length, (e as SocketException)?.SocketErrorCode ?? SocketError.Shutdown);
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_stopping)
        {
            _stopping = true;
            WakeUp();
            if (_receiving is { } receiving) await Task.Run(receiving.Join);
            _socket.Dispose();
        }
    }

    // A thread of its own that waits in the kernel: through the thread pool each datagram would pass two more threads.
    private void Receive(ISipTransportSink sink)
    {
        var buffer = new byte[65_536]; // Owned by this loop for its whole life; a parsed message copies what it keeps.
        var from = new SocketAddress(_socket.AddressFamily);
        while (!_stopping)
        {
            try
            {
                var length = _socket.ReceiveFrom(buffer, SocketFlags.None, from);
                if (!_stopping) Deliver(buffer.AsSpan(0, length), from, sink);
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (SocketException e)
            {
                // An ICMP error for something sent earlier: the socket is still good.
                if (!_stopping) SipLog.ReceiveFailed(_logger, Local, e.SocketErrorCode);
            }
        }
    }

    // An empty datagram from the socket to itself ends the wait in the kernel, which closing the socket need not.
    private void WakeUp()
    {
        try
        {
            var any = Local.Address.Equals(IPAddress.Any) || Local.Address.Equals(IPAddress.IPv6Any);
            var loopback = Local.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Loopback : IPAddress.IPv6Loopback;
            _socket.SendTo([], new IPEndPoint(any ? loopback : Local.Address, Local.Port));
        }
        catch (SocketException e)
        {
            SipLog.DatagramNotSent(_logger, 0, e.SocketErrorCode);
            _socket.Dispose();
        }
    }

    private void Deliver(ReadOnlySpan<byte> datagram, SocketAddress from, ISipTransportSink sink)
    {
        if (StunKeepAlive.IsStun(datagram))
        {
            AnswerStun(datagram, from);
            return;
        }
        if (MessageParser.ParseDatagram(datagram, _limits, out var message) != ParseVerdict.Message) return;
        var flow = FlowOf(from);
        _trace?.OnMessage(false, flow, datagram);
        if (!sink.OnMessage(message!, flow) && _overloaded.TryPass(out var suppressed)) SipLog.Overloaded(_logger, Local, suppressed);
    }

    private void AnswerStun(ReadOnlySpan<byte> datagram, SocketAddress from)
    {
        Span<byte> answer = stackalloc byte[StunKeepAlive.MaxAnswer];
        var flow = FlowOf(from);
        var length = StunKeepAlive.Answer(datagram, flow.Remote, answer);
        if (length > 0) TrySend(flow, answer[..length]);
    }

    // One flow object per peer, so that a packet of a known peer costs no address objects. Only the receive loop is here.
    private SipFlow FlowOf(SocketAddress from)
    {
        if (_flows.TryGetValue(from, out var known)) return known;
        if (_flows.Count >= MaxKnownFlows) _flows.Clear();
        var key = new SocketAddress(from.Family, from.Size);
        from.Buffer[..from.Size].CopyTo(key.Buffer);
        var flow = new SipFlow(SipTransportKind.Udp, (IPEndPoint)Local.Create(key));
        _flows[key] = flow;
        return flow;
    }
}
