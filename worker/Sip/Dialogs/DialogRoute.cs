using System.Net;
using System.Net.Sockets;
using ClickToDial.Sip.Endpoint;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transport;

namespace ClickToDial.Sip.Dialogs;

/// <summary>
/// Where requests within a dialog go. A route set is obeyed. Without one a registered phone gets them where it registers from
/// now; for others the remote target is used, unless it cannot be the
/// way back: the peer came over a stream (its connection is the way), its Contact is <c>.invalid</c>, or its Contact names a
/// private address although it was heard from another one, and that one is public or its messages showed a NAT. Two private
/// addresses alone prove nothing: a trunk may signal from one and want its requests at another.
/// </summary>
public static class DialogRoute
{
    /// <summary>The flow when it is settled; null when the next hop is what the request's Route or URI says.</summary>
    public static SipFlow? FlowOf(Dialog dialog)
    {
        ArgumentNullException.ThrowIfNull(dialog);
        // Only the server that has the phone's flow leads to it; routes behind it are its next hops, not ours.
        if (dialog.Flow.Edge is not null) return dialog.Registered?.Invoke() ?? dialog.Flow;
        if (dialog.Routes.Count > 0)
        {
            // A strict router is in the request line, with further routes behind it that are not the next hop.
            return !dialog.Routes[0].Uri.IsLooseRouter && NextHop.TryFlow(dialog.Routes[0].Uri, out var hop) ? hop : null;
        }
        if (dialog.Registered?.Invoke() is { } registered) return registered;
        if (dialog.Flow.IsReliable || dialog.RemoteTarget.Host.EndsWith(".invalid", StringComparison.OrdinalIgnoreCase)) return dialog.Flow;
        if (!dialog.RemoteTarget.IsSip) return dialog.Flow;
        if (!NextHop.TryFlow(dialog.RemoteTarget, out var target)) return null;
        return IsHidden(target, dialog) ? dialog.Flow : null;
    }

    /// <summary>
    /// True when a request to a private address had to be sent somewhere else to arrive, and the answer names the same host
    /// again: the phone registered through a NAT.
    /// </summary>
    internal static bool WasReachedElsewhere(SipRequest request, SipFlow flow, SipUri contact) =>
        !request.Headers.Contains(HeaderName.Route)
        && request.Uri.TryGetAddress(out var asked) && IsPrivate(asked) && !asked.Equals(ViaStamp.Plain(flow.Remote.Address))
        && contact.TryGetAddress(out var named) && named.Equals(asked);

    private static bool IsHidden(SipFlow target, Dialog dialog)
    {
        var heard = ViaStamp.Plain(dialog.Flow.Remote.Address);
        return IsPrivate(target.Remote.Address) && !target.Remote.Address.Equals(heard) && (!IsPrivate(heard) || dialog.IsBehindNat);
    }

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
