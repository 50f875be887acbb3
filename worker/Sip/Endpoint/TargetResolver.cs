using System.Net;
using System.Net.Sockets;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transport;

namespace ClickToDial.Sip.Endpoint;

/// <summary>Finds the address of a next hop whose URI names a host. Here is the place of RFC 3263 (NAPTR, SRV).</summary>
public interface ITargetResolver
{
    /// <summary>The addresses to try, best first; empty when there are none. Must end by itself within seconds.</summary>
    ValueTask<IReadOnlyList<SipFlow>> ResolveAsync(SipUri uri, CancellationToken stop);
}

/// <summary>Host names by the system's resolver (A and AAAA); the port from the URI or the default of the transport.</summary>
public sealed class DnsTargetResolver : ITargetResolver
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    public async ValueTask<IReadOnlyList<SipFlow>> ResolveAsync(SipUri uri, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(uri);
        if (!NextHop.TryTransport(uri, out var kind)) return [];
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(uri.Host, stop).WaitAsync(Deadline, TimeProvider.System, stop);
            return Array.ConvertAll(addresses, a => NextHop.Flow(uri, kind, new IPEndPoint(a, NextHop.Port(uri, kind))));
        }
        catch (Exception e) when (e is SocketException or TimeoutException or ArgumentException)
        {
            return [];
        }
    }
}

/// <summary>The next hop of a request (RFC 3261 section 8.1.2) and what its URI says of transport and port.</summary>
public static class NextHop
{
    /// <summary>The first Route, or the request URI when there is none, or when a strict router stands in it.</summary>
    public static SipUri Of(SipRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.NextHop is { } strict) return strict;
        return Parsing.HeaderReader.Addresses(request.Headers, HeaderName.Route) is { Count: > 0 } routes && routes[0].Uri.IsLooseRouter
            ? routes[0].Uri
            : request.Uri;
    }

    /// <summary>The flow, when the URI holds an address and needs no look-up.</summary>
    public static bool TryFlow(SipUri uri, out SipFlow flow)
    {
        ArgumentNullException.ThrowIfNull(uri);
        flow = null!;
        if (!uri.IsSip || !TryTransport(uri, out var kind) || !uri.TryGetAddress(out var address)) return false;
        flow = Flow(uri, kind, new IPEndPoint(address, Port(uri, kind)));
        return true;
    }

    /// <summary>A flow to an address found for the URI; on TLS it has to prove the URI's own host (RFC 5922 section 4).</summary>
    public static SipFlow Flow(SipUri uri, SipTransportKind kind, IPEndPoint address)
    {
        ArgumentNullException.ThrowIfNull(uri);
        return new SipFlow(kind, address) { HostName = kind == SipTransportKind.Tls ? uri.Host : null };
    }

    /// <summary>False for a transport this stack has no name for.</summary>
    public static bool TryTransport(SipUri uri, out SipTransportKind kind)
    {
        ArgumentNullException.ThrowIfNull(uri);
        kind = uri.IsSecure ? SipTransportKind.Tls : SipTransportKind.Udp;
        if (uri.Transport is not { } name) return true;
        if (!SipTransports.TryParse(name, out kind)) return false;
        if (uri.IsSecure && kind == SipTransportKind.Tcp) kind = SipTransportKind.Tls;
        if (uri.IsSecure && kind == SipTransportKind.Ws) kind = SipTransportKind.Wss;
        return true;
    }

    public static int Port(SipUri uri, SipTransportKind kind)
    {
        ArgumentNullException.ThrowIfNull(uri);
        return uri.Port > 0 ? uri.Port : SipTransports.DefaultPort(kind);
    }
}
