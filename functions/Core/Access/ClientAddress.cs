using System.Net;

namespace ClickToDial.Core.Access;

/// <summary>
/// Where a request comes from. What a proxy says (<c>X-Forwarded-For</c>) counts only when the proxy is one of ours: from the
/// connection's end leftwards, for as long as the address in hand is a proxy of ours.
/// </summary>
public static class ClientAddress
{
    /// <summary>More proxies in a row than anybody has.</summary>
    private const int MaxHops = 32;

    /// <returns>Null when it cannot be told; no allow-list has that address.</returns>
    public static IPAddress? Find(IPAddress? connected, IEnumerable<string?> forwardedFor, AddressRanges proxies)
    {
        if (connected is null) return null;
        var address = AddressRanges.Plain(connected);
        if (proxies.IsEmpty) return address;
        var hops = forwardedFor.SelectMany(h => (h ?? "").Split(',', MaxHops + 2)).ToArray();
        for (var i = hops.Length - 1; i >= 0 && proxies.Contains(address); i--)
        {
            if (hops.Length - i > MaxHops) return null;
            var hop = hops[i].Trim();
            // An empty header says nothing; an empty element among others is a proxy we do not understand.
            if (hop.Length == 0 && hops.Length == 1) return address;
            if (!TryHop(hop, out address)) return null;
        }

        return address;
    }

    /// <summary>Whoever has an IPv6 address has the other 2^64 - 1 of its network too (RFC 6177).</summary>
    public static string NetworkOf(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4().ToString();
        var bytes = address.GetAddressBytes();
        if (bytes.Length == 4) return address.ToString();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes).ToString();
    }

    /// <summary>An address, or one with a port as some proxies write it.</summary>
    private static bool TryHop(string hop, out IPAddress address)
    {
        if (AddressRanges.TryAddress(hop, out address)) return true;
        var colon = hop.LastIndexOf(':');
        if (colon < 1 || hop.AsSpan(colon + 1).ContainsAnyExceptInRange('0', '9')) return TryBracketed(hop, out address);
        var host = hop[..colon];
        if (host.StartsWith('[')) return TryBracketed(host, out address);
        // Of IPv6 without brackets nobody knows where the port begins.
        return !host.Contains(':', StringComparison.Ordinal) && AddressRanges.TryAddress(host, out address);
    }

    private static bool TryBracketed(string text, out IPAddress address)
    {
        address = IPAddress.None;
        return text is ['[', .. var inner, ']'] && inner.Contains(':', StringComparison.Ordinal) && AddressRanges.TryAddress(inner, out address);
    }
}
