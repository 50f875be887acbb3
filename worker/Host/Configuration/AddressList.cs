using System.Net;
using System.Net.Sockets;

namespace ClickToDial.Worker.Configuration;

/// <summary>One address, or one of each family separated by a comma: <c>192.0.2.7, 2001:db8::7</c>.</summary>
public static class AddressList
{
    /// <summary>Null when a part is no address, or two are of one family; empty for nothing.</summary>
    public static IReadOnlyList<IPAddress>? Parse(string text)
    {
        var list = new List<IPAddress>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!IPAddress.TryParse(part, out var address) || list.Exists(known => known.AddressFamily == address.AddressFamily)) return null;
            list.Add(address);
        }
        return list;
    }

    /// <summary>The address of that family, or null.</summary>
    public static IPAddress? Of(IReadOnlyList<IPAddress> list, AddressFamily family) => list.FirstOrDefault(a => a.AddressFamily == family);

    public static bool IsWildcard(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);
}
