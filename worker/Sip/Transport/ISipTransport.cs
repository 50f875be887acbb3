using System.Net;
using ClickToDial.Sip.Messages;

namespace ClickToDial.Sip.Transport;

/// <summary>
/// One bound transport. UDP and TCP live here; TLS and WebSocket plug in by implementing it. All members are thread-safe.
/// </summary>
public interface ISipTransport : IAsyncDisposable
{
    SipTransportKind Kind { get; }

    /// <summary>The bound address with its real port; the address may be "any".</summary>
    IPEndPoint Local { get; }

    /// <summary>Peers can be told to come here; false for one that leads through another server.</summary>
    bool IsListener => true;

    /// <summary>Begins to receive. Called once.</summary>
    void Start(ISipTransportSink sink);

    /// <summary>
    /// Takes a whole message for sending; the bytes may be reused on return. False when it can tell at once that the message
    /// will not leave; a later failure goes to <see cref="ISipTransportSink.OnFlowFailed"/>.
    /// </summary>
    bool TrySend(SipFlow flow, ReadOnlySpan<byte> message);

    /// <summary>True while the connection the flow means is open or being opened. Datagrams have none: always true.</summary>
    bool IsOpen(SipFlow flow) => true;

    /// <summary>
    /// True while the flow's connection is open and its peer has proved, by a certificate that we believe, that it speaks for the
    /// name (RFC 5922). Nothing else proves anything.
    /// </summary>
    bool Proves(SipFlow flow, string host) => false;

    /// <summary>True when nobody on the way to the peer can read what is sent on the flow.</summary>
    bool Encrypts(SipFlow flow) => SipTransports.IsSecure(flow.Kind);

    /// <summary>True when this transport reaches the peer: of its kind, of the address family of its socket, and no fellow's.</summary>
    bool Serves(SipFlow flow) => flow.Edge is null && flow.Kind == Kind && flow.Remote.AddressFamily == Local.AddressFamily;
}

/// <summary>Receives what transports read. Called on their own loops: must not block and must not throw.</summary>
public interface ISipTransportSink
{
    /// <summary>False when there is no room: a datagram is then lost, a stream waits.</summary>
    bool OnMessage(SipMessage message, SipFlow flow);

    /// <summary>The connection ended, or could not be made, so nothing sent on it can be relied on.</summary>
    void OnFlowFailed(SipFlow flow);

    /// <summary>The connection was never made: nothing queued for it left, so it may be sent elsewhere.</summary>
    void OnConnectFailed(SipFlow flow) => OnFlowFailed(flow);
}

/// <summary>Sees every message as bytes, for a signalling trace; null (off) unless somebody asks for it.</summary>
public interface ISipTrace
{
    void OnMessage(bool sent, SipFlow flow, ReadOnlySpan<byte> message);
}
