using System.Net;
using System.Net.Sockets;
using ClickToDial.Sip.Endpoint;
using ClickToDial.Sip.Transport;

namespace ClickToDial.Sip.Dialogs;

/// <summary>
/// Where requests within a dialog go. A route set is obeyed. Without one the remote target is used, unless it cannot be the
/// way back: the peer came over a stream (its connection is the way), or its Contact names an address that is private or
/// invalid and not the one it was heard from (a phone behind a NAT).
/// </summary>
public static class DialogRoute
{
    /// <summary>The flow, or null when the next hop's name has to be looked up.</summary>
    public static SipFlow? FlowOf(Dialog dialog)
    {
        ArgumentNullException.ThrowIfNull(dialog);
        if (dialog.Routes.Count > 0)
        {
            return NextHop.TryFlow(dialog.Routes[0].Uri, out var hop) ? hop : null;
        }
        if (dialog.Flow.IsReliable || dialog.RemoteTarget.Host.EndsWith(".invalid", StringComparison.OrdinalIgnoreCase)) return dialog.Flow;
        if (!dialog.RemoteTarget.IsSip) return dialog.Flow;
        if (!NextHop.TryFlow(dialog.RemoteTarget, out var target)) return null;
        return IsBehindNat(target, dialog.Flow) ? dialog.Flow : target;
    }

    private static bool IsBehindNat(SipFlow target, SipFlow heard) =>
        !target.Remote.Address.Equals(heard.Remote.Address) && IsPrivate(target.Remote.Address);

    /// <summary>RFC 1918, RFC 6598, RFC 3927, RFC 4193 and loopback: addresses that mean something only at home.</summary>
    public static bool IsPrivate(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (IPAddress.IsLoopback(address)) return true;
        if (address.AddressFamily == AddressFamily.InterNetworkV6) return address.IsIPv6UniqueLocal || address.IsIPv6LinkLocal;
        Span<byte> b = stackalloc byte[4];
        address.TryWriteBytes(b, out _);
        return b[0] is 10 or 0
            || (b[0] == 172 && b[1] is >= 16 and <= 31)
            || (b[0] == 192 && b[1] == 168)
            || (b[0] == 100 && b[1] is >= 64 and <= 127)
            || (b[0] == 169 && b[1] == 254);
    }
}
