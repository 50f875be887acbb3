using System.Collections.Concurrent;
using System.Net;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Parsing;
using ClickToDial.Sip.Transport;

namespace ClickToDial.TestKit.Sip;

/// <summary>A datagram transport without a network: a test puts datagrams in and sees what would have been sent.</summary>
public sealed class MemoryTransport(IPEndPoint local) : ISipTransport
{
    private readonly ConcurrentQueue<SipMessage> _sent = new();
    private readonly ConcurrentQueue<SipFlow> _flows = new();
    private ISipTransportSink? _sink;

    public SipTransportKind Kind { get; init; } = SipTransportKind.Udp;

    public IPEndPoint Local { get; } = local;

    /// <summary>Set to make every sending fail.</summary>
    public bool IsBroken { get; set; }

    /// <summary>Set when the peers have closed their connections.</summary>
    public bool IsClosed { get; set; }

    /// <summary>Called for each message sent, on the stack loop.</summary>
    public Action<SipMessage, SipFlow>? OnSent { get; set; }

    public IReadOnlyCollection<SipMessage> Sent => _sent;

    public IReadOnlyCollection<SipFlow> SentTo => _flows;

    public static SipFlow Peer { get; } = new(SipTransportKind.Udp, new IPEndPoint(IPAddress.Parse("192.0.2.9"), 5060));

    public void Start(ISipTransportSink sink) => _sink = sink;

    public void Receive(ReadOnlySpan<byte> datagram, SipFlow? from = null)
    {
        if (MessageParser.ParseDatagram(datagram, SipLimits.Default, out var message) == ParseVerdict.Message)
            _sink!.OnMessage(message!, from ?? Peer);
    }

    public void Receive(SipMessage message, SipFlow? from = null) => Receive(MessageWriter.ToArray(message), from);

    public void FailFlow(SipFlow flow) => _sink!.OnFlowFailed(flow);

    public void FailConnect(SipFlow flow) => _sink!.OnConnectFailed(flow);

    public bool IsOpen(SipFlow flow) => !IsClosed;

    public bool TrySend(SipFlow flow, ReadOnlySpan<byte> message)
    {
        if (IsBroken) return false;
        MessageParser.ParseDatagram(message, SipLimits.Default, out var parsed);
        _sent.Enqueue(parsed ?? throw new InvalidOperationException("The stack wrote something that is not SIP."));
        _flows.Enqueue(flow);
        OnSent?.Invoke(parsed, flow);
        return true;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
