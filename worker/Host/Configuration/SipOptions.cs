using System.Net;

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

    /// <summary>The address for Via and Contact.</summary>
    public IPAddress AdvertisedAddress => IPAddress.Parse(PublicAddress.Length > 0 ? PublicAddress : BindAddress);

    /// <summary>Every error at once, each naming its setting.</summary>
    public IEnumerable<string> Validate()
    {
        if (!IPAddress.TryParse(BindAddress, out var bind)) yield return $"{Section}: BindAddress must be an IP address.";
        if (UdpPort is < 0 or > 65535) yield return $"{Section}: UdpPort must be from 0 to 65535.";
        if (TcpPort is < -1 or > 65535) yield return $"{Section}: TcpPort must be from -1 to 65535.";
        var told = PublicAddress.Length == 0 ? bind : IPAddress.TryParse(PublicAddress, out var own) ? own : null;
        if (told is null || told.Equals(IPAddress.Any) || told.Equals(IPAddress.IPv6Any))
            yield return $"{Section}: PublicAddress must be an IP address that peers can reach; it is needed when BindAddress is a wildcard.";
    }
}
