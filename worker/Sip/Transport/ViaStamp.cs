using System.Globalization;
using System.Net;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Parsing;

namespace ClickToDial.Sip.Transport;

/// <summary>What a server writes into, and later reads from, the top Via (RFC 3261 section 18.2, RFC 3581 section 4).</summary>
internal static class ViaStamp
{
    /// <summary>Notes where the request really came from, where that differs from what it says or it asked for the port.</summary>
    public static void MarkReceived(SipRequest request, SipFlow flow)
    {
        var via = request.TopVia;
        var source = Plain(flow.Remote.Address);
        if (via.WantsRport) via = via.WithParameter("rport", flow.Remote.Port.ToString(CultureInfo.InvariantCulture));
        else if (SameAddress(via.Host, source)) return;
        // RFC 3581 section 4: with rport the address is always written, even when it is the same.
        ReplaceFirst(request.Headers, via.WithParameter("received", source.ToString()));
    }

    /// <summary>
    /// Where a response goes: the open connection, else received and rport, else received and the sent-by port. With its
    /// connection gone the peer is called at the port it named, as the source port of a connection listens to nobody
    /// (RFC 3261 section 18.2.2).
    /// </summary>
    public static SipFlow ResponseFlow(SipRequest request, SipFlow source, bool isOpen)
    {
        if (source.IsReliable && isOpen) return source;
        var via = request.TopVia;
        if (!source.IsReliable && via.Rport > 0) return source;
        var port = via.Port > 0 ? via.Port : SipTransports.DefaultPort(source.Kind);
        return port == source.Remote.Port ? source : new SipFlow(source.Kind, new IPEndPoint(source.Remote.Address, port)) { Edge = source.Edge };
    }

    /// <summary>
    /// True when a translator stood between us and the sender itself: there is one Via only, it names an address, and the
    /// request came from another address or port. A host name proves nothing, and behind a proxy the Via is the proxy's.
    /// </summary>
    public static bool ShowsNat(SipRequest request, SipFlow source)
    {
        if (request.Headers.GetList(HeaderName.Via).Count != 1) return false;
        var via = request.TopVia;
        if (!IPAddress.TryParse(Unbracketed(via.Host), out var said)) return false;
        if (!said.Equals(Plain(source.Remote.Address))) return true;
        var port = via.Port > 0 ? via.Port : SipTransports.DefaultPort(source.Kind);
        return !source.IsReliable && port != source.Remote.Port;
    }

    private static void ReplaceFirst(SipHeaders headers, Via via)
    {
        var index = headers.IndexOf(HeaderName.Via);
        var bytes = headers.FieldAt(index).Bytes;
        var end = Grammar.ListElementEnd(bytes);
        var rest = end < bytes.Length ? ParameterParser.DecodeText(Grammar.Trim(bytes[(end + 1)..])) : "";
        headers.ReplaceAt(index, rest.Length == 0 ? via.ToString() : $"{via}, {rest}");
    }

    private static bool SameAddress(string host, IPAddress address) =>
        IPAddress.TryParse(Unbracketed(host), out var said) && said.Equals(address);

    private static ReadOnlySpan<char> Unbracketed(string host) =>
        host.Length > 2 && host[0] == '[' ? host.AsSpan(1, host.Length - 2) : host.AsSpan();

    public static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
