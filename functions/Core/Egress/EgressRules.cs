using System.Net;
using System.Net.Sockets;
using ClickToDial.Core.Access;

namespace ClickToDial.Core.Egress;

/// <summary>
/// Which addresses a request may go to whose destination somebody else chose. Only globally reachable unicast is (IANA's special-purpose
/// registries, RFC 6890); the operator may allow more.
/// </summary>
/// <param name="allowed">Networks that the operator allows though they are not global.</param>
public sealed class EgressRules(AddressRanges allowed)
{
    /// <summary>IPv4 that is not global, and the one global address that answers inside Azure's own machines only.</summary>
    private static readonly AddressRanges Closed4 = new(
    [
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "168.63.129.16/32", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15",
        "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
    ]);

    /// <summary>All IPv6 that is global unicast so far, RFC 4291 section 2.4.</summary>
    private static readonly AddressRanges Global6 = new(["2000::/3"]);

    /// <summary>Of those: protocol assignments with Teredo and ORCHID, documentation, 6to4 and AS112.</summary>
    private static readonly AddressRanges Closed6 = new(["2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20"]);

    /// <summary>NAT64, RFC 6052: the last 32 bits are an IPv4 address.</summary>
    private static readonly AddressRanges Translated = new(["64:ff9b::/96"]);

    public bool Allows(IPAddress address)
    {
        var plain = AddressRanges.Plain(address);
        if (allowed.Contains(plain)) return true;
        if (plain.AddressFamily == AddressFamily.InterNetwork) return !Closed4.Contains(plain);
        if (Translated.Contains(plain)) return Allows(new IPAddress(plain.GetAddressBytes().AsSpan(12)));
        return Global6.Contains(plain) && !Closed6.Contains(plain);
    }
}
