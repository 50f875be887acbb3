using System.Net;
using ClickToDial.Sip.Authentication;

namespace ClickToDial.Worker.Configuration;

/// <summary>Where SIP is spoken, section "Sip".</summary>
public sealed class SipOptions
{
    public const string Section = "Sip";

    /// <summary>The address sockets are bound to. Default 0.0.0.0.</summary>
    public string BindAddress { get; set; } = "0.0.0.0";

    /// <summary>Port for UDP; 0 for any free one. Default 5060.</summary>
    public int UdpPort { get; set; } = 5060;

    /// <summary>Port for TCP; 0 for any free one, -1 for no TCP. Default 5060.</summary>
    public int TcpPort { get; set; } = 5060;

    /// <summary>The address written into Via and Contact; empty means <see cref="BindAddress"/>, which then must not be a wildcard.</summary>
    public string PublicAddress { get; set; } = "";

    /// <summary>
    /// Digest algorithms that devices are offered, strongest first: MD5, SHA-256 or both. Default MD5, because phones of the
    /// usual kind give up at a challenge list with an algorithm that they do not know (RFC 8760 came in 2020).
    /// </summary>
    public string DigestAlgorithms { get; set; } = "MD5";

    /// <summary>Null when one of them is unknown.</summary>
    public IReadOnlyList<DigestAlgorithm>? Algorithms
    {
        get
        {
            var list = new List<DigestAlgorithm>();
            foreach (var name in DigestAlgorithms.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                if (!DigestHash.TryParse(name, out var algorithm, out var session) || session) return null;
                list.Add(algorithm);
            }
            return list.Count == 0 ? null : list;
        }
    }

    /// <summary>The address for Via and Contact.</summary>
    public IPAddress AdvertisedAddress => IPAddress.Parse(PublicAddress.Length > 0 ? PublicAddress : BindAddress);

    /// <summary>Every error at once, each naming its setting.</summary>
    public IEnumerable<string> Validate()
    {
        if (!IPAddress.TryParse(BindAddress, out var bind)) yield return $"{Section}: BindAddress must be an IP address.";
        if (Algorithms is null) yield return $"{Section}: DigestAlgorithms must be MD5, SHA-256 or both, separated by a comma.";
        if (UdpPort is < 0 or > 65535) yield return $"{Section}: UdpPort must be from 0 to 65535.";
        if (TcpPort is < -1 or > 65535) yield return $"{Section}: TcpPort must be from -1 to 65535.";
        var told = PublicAddress.Length == 0 ? bind : IPAddress.TryParse(PublicAddress, out var own) ? own : null;
        if (told is null || told.Equals(IPAddress.Any) || told.Equals(IPAddress.IPv6Any))
            yield return $"{Section}: PublicAddress must be an IP address that peers can reach; it is needed when BindAddress is a wildcard.";
    }
}
