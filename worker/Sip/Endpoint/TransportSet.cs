using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using ClickToDial.Sip.Parsing;
using ClickToDial.Sip.Transport;
using ClickToDial.Sip.Transport.Tls;
using Microsoft.Extensions.Logging;

namespace ClickToDial.Sip.Endpoint;

/// <summary>The bound transports of an endpoint, and which of them reaches a peer under which address.</summary>
internal sealed class TransportSet : IAsyncDisposable
{
    private const int MaxKnownRoutes = 4096;

    private readonly List<ISipTransport> _transports = [];
    private readonly ConcurrentDictionary<IPAddress, IPAddress> _routes = new();
    private readonly string? _advertised;
    private readonly string? _advertised6;

    public TransportSet(SipEndpointOptions options, TimeProvider time, ILogger logger)
    {
        _advertised = options.AdvertisedHost;
        _advertised6 = options.AdvertisedHost6 ?? options.AdvertisedHost;
        try
        {
            foreach (var listen in options.Listen) _transports.Add(Bind(listen, options, time, logger));
        }
        catch (Exception)
        {
            foreach (var bound in _transports) _ = bound.DisposeAsync().AsTask();
            throw;
        }
        _transports.AddRange(options.OtherTransports);
        foreach (var transport in _transports.Where(transport => transport.IsListener)) SipLog.Listening(logger, transport.Kind, transport.Local);
    }

    public IReadOnlyList<ISipTransport> All => _transports;

    public bool Send(SipFlow flow, ReadOnlySpan<byte> message) => For(flow) is { } transport && transport.TrySend(flow, message);

    public bool IsOpen(SipFlow flow) => For(flow)?.IsOpen(flow) ?? false;

    public bool Encrypts(SipFlow flow) => For(flow)?.Encrypts(flow) ?? SipTransports.IsSecure(flow.Kind);

    public bool Proves(SipFlow flow, string host) => For(flow)?.Proves(flow, host) ?? false;

    /// <summary>The transport for a peer, or null when none fits.</summary>
    public ISipTransport? For(SipFlow flow)
    {
        foreach (var transport in _transports)
            if (transport.Serves(flow)) return transport;
        return null;
    }

    /// <summary>The host and port by which this peer reaches us, or null when no transport fits.</summary>
    public (string Host, int Port)? AddressFor(SipFlow flow)
    {
        if (For(flow.Edge is null ? flow : flow with { Edge = null }) is not { } transport)
        {
            // The fellow speaks a transport that we do not; its peer comes back through the fellow whatever we call ourselves.
            if (flow.Edge is null || _transports.Count == 0) return null;
            transport = _transports[0];
        }
        var advertised = flow.Remote.AddressFamily == AddressFamily.InterNetworkV6 ? _advertised6 : _advertised;
        if (advertised is not null) return (Bracketed(advertised), transport.Local.Port);
        var address = transport.Local.Address;
        // A WebSocket's server may be bound to the other family than its peer has, which then is no way to us.
        if (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) || address.AddressFamily != flow.Remote.AddressFamily)
            address = LocalAddressTowards(flow.Remote);
        return (Bracketed(address.ToString()), transport.Local.Port);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var transport in _transports) await transport.DisposeAsync();
    }

    private static ISipTransport Bind(SipListen listen, SipEndpointOptions options, TimeProvider time, ILogger logger) => listen.Kind switch
    {
        SipTransportKind.Udp => new UdpTransport(listen.Address, options.Limits, logger, options.Trace, time),
        SipTransportKind.Tcp => new TcpTransport(listen.Address, Streams(options, time, logger)),
        SipTransportKind.Tls when options.Tls is { } tls => new TlsTransport(listen.Address, Streams(options, time, logger), tls),
        _ => throw new NotSupportedException($"Listening on {listen.Kind} is not supported."),
    };

    private static TcpSettings Streams(SipEndpointOptions options, TimeProvider time, ILogger logger) =>
        new(time, options.Limits, logger) { Trace = options.Trace, MaxConnections = options.MaxConnections };

    // A connected datagram socket sends nothing, but tells which address the kernel would send from.
    private IPAddress LocalAddressTowards(IPEndPoint remote)
    {
        if (_routes.TryGetValue(remote.Address, out var known)) return known;
        if (_routes.Count >= MaxKnownRoutes) _routes.Clear();
        using var probe = new Socket(remote.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            probe.Connect(remote);
            known = ((IPEndPoint)probe.LocalEndPoint!).Address;
        }
        catch (SocketException)
        {
            known = remote.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Loopback : IPAddress.IPv6Loopback;
        }
        _routes[remote.Address] = known;
        return known;
    }

    private static string Bracketed(string host) =>
        host.Contains(':', StringComparison.Ordinal) && host[0] != '[' ? $"[{host}]" : host;
}
