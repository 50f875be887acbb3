using System.Net;

namespace ClickToDial.Sip.Transport;

/// <summary>Transports this stack names.</summary>
public enum SipTransportKind : byte
{
    Udp,
    Tcp,
    Tls,
    Ws,
    Wss,
}

/// <summary>
/// Where a message came from and where its answer goes: a transport and the address of the peer as this machine sees it.
/// On a stream transport it means the open connection with that peer, or a new one when there is none.
/// </summary>
public sealed record SipFlow(SipTransportKind Kind, IPEndPoint Remote)
{
    private SocketAddress? _socketAddress;

    /// <summary>
    /// On TLS the name the peer has to prove, for a connection of ours; null for one the peer made. Part of the identity: a
    /// connection to one name is never used for another that happens to live at the same address.
    /// </summary>
    public string? HostName { get; init; }

    /// <summary>On a WebSocket the page's origin, as its upgrade named it (RFC 6454); null without one. No part of the identity.</summary>
    public string? Origin { get; init; }

    /// <summary>
    /// The fellow server whose transport has this flow, by the name it gave itself; null where the transport is our own. Part of the
    /// identity: one phone may be heard from the same address by two servers.
    /// </summary>
    public string? Edge { get; init; }

    public bool IsReliable => Kind != SipTransportKind.Udp;

    /// <summary>The transport as Via spells it.</summary>
    public string ViaName => SipTransports.ViaName(Kind);

    internal SocketAddress SocketAddress => _socketAddress ??= Remote.Serialize();

    public bool Equals(SipFlow? other) => other is not null && Kind == other.Kind && Remote.Equals(other.Remote)
        && string.Equals(HostName, other.HostName, StringComparison.OrdinalIgnoreCase) && Edge == other.Edge;

    public override int GetHashCode() => HashCode.Combine(Kind, Remote);

    public override string ToString() => $"{ViaName}/{Remote}";
}

/// <summary>Names and default ports of the transports.</summary>
public static class SipTransports
{
    public static string ViaName(SipTransportKind kind) => kind switch
    {
        SipTransportKind.Udp => "UDP",
        SipTransportKind.Tcp => "TCP",
        SipTransportKind.Tls => "TLS",
        SipTransportKind.Ws => "WS",
        _ => "WSS",
    };

    /// <summary>The value of a URI's <c>transport</c> parameter; RFC 7118 section 5.2 has one for both kinds of WebSocket.</summary>
    public static string UriName(SipTransportKind kind) => kind == SipTransportKind.Wss ? "ws" : ViaName(kind).ToLowerInvariant();

    /// <summary>Over TLS.</summary>
    public static bool IsSecure(SipTransportKind kind) => kind is SipTransportKind.Tls or SipTransportKind.Wss;

    public static int DefaultPort(SipTransportKind kind) => kind switch
    {
        SipTransportKind.Tls => 5061,
        SipTransportKind.Ws => 80,
        SipTransportKind.Wss => 443,
        _ => 5060,
    };

    public static bool TryParse(string name, out SipTransportKind kind)
    {
        for (kind = SipTransportKind.Udp; kind <= SipTransportKind.Wss; kind++)
            if (string.Equals(name, ViaName(kind), StringComparison.OrdinalIgnoreCase)) return true;
        kind = SipTransportKind.Udp;
        return false;
    }
}
