using System.Globalization;
using System.Net;

namespace ClickToDial.Calls.Trunks;

/// <summary>Addresses that requests may come from: one, one with its port, or a network. Compared as the protocol they really are.</summary>
public readonly record struct AddressRange(IPNetwork Network, int? Port)
{
    /// <summary>Reads <c>192.0.2.10</c>, <c>192.0.2.10:5080</c>, <c>[2001:db8::1]:5080</c> or <c>192.0.2.0/24</c>.</summary>
    public static bool TryParse(string text, out AddressRange range)
    {
        range = default;
        if (text.Contains('/', StringComparison.Ordinal))
        {
            if (!IPNetwork.TryParse(text, out var network)) return false;
            range = new AddressRange(network, null);
            return true;
        }
        if (IPAddress.TryParse(text, out var address) && !text.StartsWith('['))
        {
            range = Of(address, null);
            return true;
        }
        var colon = text.LastIndexOf(':');
        if (colon < 0 || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port == 0) return false;
        if (!IPAddress.TryParse(text.AsSpan(0, colon), out address)) return false;
        range = Of(address, port);
        return true;
    }

    /// <summary>One address, from any port where none is named.</summary>
    public static AddressRange Of(IPAddress address, int? port)
    {
        var plain = Plain(address);
        return new AddressRange(new IPNetwork(plain, plain.GetAddressBytes().Length * 8), port);
    }

    public bool Contains(IPEndPoint remote) => (Port is null || Port == remote.Port) && Network.Contains(Plain(remote.Address));

    /// <summary>An IPv4 address that arrived on an IPv6 socket is that IPv4 address.</summary>
    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
