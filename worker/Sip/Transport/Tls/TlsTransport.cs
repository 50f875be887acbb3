using System.Net;

namespace ClickToDial.Sip.Transport.Tls;

/// <summary>
/// SIP over TLS: the connections of <see cref="TcpTransport"/> behind a handshake. A new connection is made only to a flow that
/// carries the name to verify (<see cref="SipFlow.HostName"/>). A client that proved its name may ask, by <c>alias</c> in its
/// Via, that requests to it take its connection (RFC 5923).
/// </summary>
public sealed class TlsTransport : ISipTransport
{
    private readonly TcpTransport _connections;

    /// <summary>
    /// Binds, listens and reads the certificate at once; throws <see cref="System.Net.Sockets.SocketException"/>,
    /// <see cref="IOException"/> or <see cref="System.Security.Cryptography.CryptographicException"/>.
    /// </summary>
    public TlsTransport(IPEndPoint local, TcpSettings settings, TlsSettings tls)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(tls);
        _connections = new TcpTransport(local, settings, SipTransportKind.Tls, new TlsSecurity(tls, settings.Time, settings.Logger));
    }

    public SipTransportKind Kind => SipTransportKind.Tls;

    public IPEndPoint Local => _connections.Local;

    /// <summary>Connections open, being opened, or in their handshake.</summary>
    public int ConnectionCount => _connections.ConnectionCount;

    public void Start(ISipTransportSink sink) => _connections.Start(sink);

    public bool TrySend(SipFlow flow, ReadOnlySpan<byte> message) => _connections.TrySend(flow, message);

    public bool IsOpen(SipFlow flow) => _connections.IsOpen(flow);

    public bool Proves(SipFlow flow, string host) => _connections.Proves(flow, host);

    public ValueTask DisposeAsync() => _connections.DisposeAsync();
}
