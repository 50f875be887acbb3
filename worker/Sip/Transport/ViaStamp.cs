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

    /// <summary>Where a response goes: the open connection, else received and rport, else received and the sent-by port.</summary>
    public static SipFlow ResponseFlow(SipRequest request, SipFlow source)
    {
        if (source.IsReliable) return source;
        var via = request.TopVia;
        if (via.Rport > 0) return source;
        var port = via.Port > 0 ? via.Port : SipTransports.DefaultPort(source.Kind);
        return port == source.Remote.Port ? source : new SipFlow(source.Kind, new IPEndPoint(source.Remote.Address, port));
    }

    private static void ReplaceFirst(SipHeaders headers, Via via)
    {
        var index = headers.IndexOf(HeaderName.Via);
        var bytes = headers.FieldAt(index).Bytes;
        var end = Grammar.ListElementEnd(bytes);
        var rest = end < bytes.Length ? ParameterParser.DecodeText(Grammar.Trim(bytes[(end + 1)..])) : "";
        headers.ReplaceAt(index, rest.Length == 0 ? via.ToString() : $"{via}, {rest}");
    }

    private static bool SameAddress(string host, IPAddress address)
    {
        var text = host.Length > 2 && host[0] == '[' ? host.AsSpan(1, host.Length - 2) : host.AsSpan();
        return IPAddress.TryParse(text, out var said) && said.Equals(address);
    }

    public static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
