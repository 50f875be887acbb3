using System.Net;
using System.Net.Sockets;

namespace ClickToDial.Media.Plane;

/// <summary>Which system interface moves packets.</summary>
public enum PacketEngine
{
    /// <summary>io_uring where the kernel allows it, else epoll.</summary>
    Auto,
    IoUring,
    Epoll,
}

/// <summary>Settings of the media plane, section "Media".</summary>
public sealed class MediaOptions
{
    public const string Section = "Media";

    /// <summary>The address sockets are bound to. Default 0.0.0.0; :: takes both families.</summary>
    public string BindAddress { get; set; } = "0.0.0.0";

    /// <summary>The address written into SDP; empty means <see cref="BindAddress"/>, which then must not be a wildcard.</summary>
    public string PublicAddress { get; set; } = "";

    /// <summary>
    /// The IPv6 address written into SDP for peers that are reached by IPv6, beside an IPv4 one for the others. Needs sockets of both
    /// families, so a <see cref="BindAddress"/> of <c>::</c>. Empty for none.
    /// </summary>
    public string PublicAddress6 { get; set; } = "";

    /// <summary>First port of the range; RTP takes even ports, RTCP the odd one above. Default 20000.</summary>
    public int FirstPort { get; set; } = 20000;

    /// <summary>Last port of the range. Default 29999.</summary>
    public int LastPort { get; set; } = 29999;

    /// <summary>
    /// Seconds a released port rests, so that late packets of one call never reach another. When no port is left that has, the longest rested
    /// is taken, after one second at least. Default 30.
    /// </summary>
    public int QuarantineSeconds { get; set; } = 30;

    /// <summary>Threads that move packets; 0 chooses half the processors, at least one and at most four. Default 0.</summary>
    public int Shards { get; set; }

    /// <summary>Default Auto.</summary>
    public PacketEngine Engine { get; set; } = PacketEngine.Auto;

    /// <summary>The longest time in microseconds that a packet may wait for others under load; 0 never waits. Default 350.</summary>
    public int CoalesceMicroseconds { get; set; } = 350;

    /// <summary>Seconds after negotiation in which the source of a leg's media is still open. Default 5.</summary>
    public int LatchSeconds { get; set; } = 5;

    /// <summary>Ends that share no codec are transcoded; false leaves that to them. Default true.</summary>
    public bool Transcoding { get; set; } = true;

    /// <summary>The one port for all legs to browsers, UDP and TCP; outside of the range above. Default -1: none, and no calls with browsers.</summary>
    public int BrowserPort { get; set; } = -1;

    /// <summary>Browsers whose network lets no UDP out may come by TCP to the same port. Default true.</summary>
    public bool BrowserTcp { get; set; } = true;

    /// <summary>The address for SDP where nothing speaks for a family: the IPv4 one, if there is one.</summary>
    public IPAddress AdvertisedAddress => Advertised(AddressFamily.InterNetwork) ?? Advertised(AddressFamily.InterNetworkV6)!;

    /// <summary>The address for SDP of that family; null when there is none.</summary>
    public IPAddress? Advertised(AddressFamily family)
    {
        if (family == AddressFamily.InterNetworkV6 && PublicAddress6.Length > 0) return IPAddress.Parse(PublicAddress6);
        if (PublicAddress.Length == 0 && PublicAddress6.Length > 0) return null;
        var address = IPAddress.Parse(PublicAddress.Length > 0 ? PublicAddress : BindAddress);
        return address.AddressFamily == family ? address : null;
    }

    /// <summary>Every error at once, each naming the setting; empty when all is well.</summary>
    public IReadOnlyList<string> Validate()
    {
        var errors = new List<string>();
        Check(IPAddress.TryParse(BindAddress, out var bind), "BindAddress must be an IP address");
        var advertised = PublicAddress.Length > 0 ? IPAddress.TryParse(PublicAddress, out var own) ? own : null : bind;
        Check(
            IsReachable(advertised) || (PublicAddress.Length == 0 && PublicAddress6.Length > 0),
            "PublicAddress must be an IP address that peers can reach; it is needed when BindAddress is a wildcard");
        Check(
            PublicAddress6.Length == 0 || (IPAddress.TryParse(PublicAddress6, out var six) && six.AddressFamily == AddressFamily.InterNetworkV6 && IsReachable(six)),
            "PublicAddress6 must be an IPv6 address that peers can reach");
        Check(PublicAddress6.Length == 0 || IPAddress.IPv6Any.Equals(bind), "PublicAddress6 needs a BindAddress of ::");
        Check(
            PublicAddress6.Length == 0 || PublicAddress.Length == 0 || advertised is { AddressFamily: AddressFamily.InterNetwork },
            "PublicAddress must be an IPv4 address beside a PublicAddress6");
        Check(FirstPort is >= 1024 and <= 65534, "FirstPort must be from 1024 to 65534");
        Check(LastPort is >= 1024 and <= 65535 && LastPort > FirstPort, "LastPort must be above FirstPort and at most 65535");
        Check(QuarantineSeconds is >= 0 and <= 600, "QuarantineSeconds must be from 0 to 600");
        Check(Shards is >= 0 and <= 64, "Shards must be from 0 to 64");
        Check(CoalesceMicroseconds is >= 0 and <= 10_000, "CoalesceMicroseconds must be from 0 to 10000");
        Check(LatchSeconds is >= 0 and <= 60, "LatchSeconds must be from 0 to 60");
        Check(BrowserPort is -1 or (>= 1024 and <= 65535), "BrowserPort must be from 1024 to 65535, or -1 for none");
        Check(BrowserPort < FirstPort || BrowserPort > LastPort, "BrowserPort must lie outside of FirstPort to LastPort");
        if (BrowserPort > 0 && Dtls.DtlsContext.Problem is { } problem) errors.Add($"{Section}: BrowserPort cannot be opened: {problem}");
        return errors;

        static bool IsReachable(IPAddress? address) => address is not null && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any);

        void Check(bool holds, string rule)
        {
            if (!holds) errors.Add($"{Section}: {rule}.");
        }
    }
}
