using System.Net;
using ClickToDial.Sip.Authentication;
using ClickToDial.Sip.Transport.Tls;

namespace ClickToDial.Worker.Configuration;

/// <summary>Where SIP is spoken, section "Sip".</summary>
public sealed class SipOptions
{
    public const string Section = "Sip";

    /// <summary>The addresses sockets are bound to: one, or one of each family with a comma. Default 0.0.0.0.</summary>
    public string BindAddress { get; set; } = "0.0.0.0";

    /// <summary>Port for UDP; 0 for any free one. Default 5060.</summary>
    public int UdpPort { get; set; } = 5060;

    /// <summary>Port for TCP; 0 for any free one, -1 for no TCP. Default 5060.</summary>
    public int TcpPort { get; set; } = 5060;

    /// <summary>Port for TLS, opened where a certificate is named; 0 for any free one, -1 for none. Default 5061.</summary>
    public int TlsPort { get; set; } = 5061;

    /// <summary>Port for secure WebSockets and nothing else, with the same certificate; -1 for none. Default -1.</summary>
    public int WssPort { get; set; } = -1;

    /// <summary>PEM file with our certificate and, behind it, its issuers; empty for no TLS. Read again when it changes.</summary>
    public string TlsCertificateFile { get; set; } = "";

    /// <summary>PEM file with the certificate's key. Read again when it changes.</summary>
    public string TlsKeyFile { get; set; } = "";

    /// <summary>PEM file of the authorities that are believed; empty for the system's. Read at start.</summary>
    public string TlsTrustedRootsFile { get; set; } = "";

    /// <summary>Whether peers that connect to the TLS port show a certificate. Default None.</summary>
    public ClientCertificates TlsClientCertificates { get; set; } = ClientCertificates.None;

    /// <summary>
    /// Pages whose scripts may open a WebSocket, as origins separated by commas; <c>*</c> for all. Empty: those of the worker's
    /// own address (its public address, the host of the control API, or loopback), and clients that are no browser.
    /// </summary>
    public string WebSocketOrigins { get; set; } = "";

    /// <summary>Name servers as addresses with or without a port, separated by commas; empty for those of the system.</summary>
    public string DnsServers { get; set; } = "";

    /// <summary>
    /// The addresses written into Via and Contact, at most one of each family; a family without one uses
    /// <see cref="BindAddress"/>, which then must not be a wildcard.
    /// </summary>
    public string PublicAddress { get; set; } = "";

    /// <summary>
    /// Digest algorithms that devices are offered, strongest first: MD5, SHA-256 or both. Default MD5, because phones of the
    /// usual kind give up at a challenge list with an algorithm that they do not know (RFC 8760 came in 2020).
    /// </summary>
    public string DigestAlgorithms { get; set; } = "MD5";

    /// <summary>
    /// Requests outside of dialogs that one address may send in a second; as many again get 503, and the rest no answer. From 10
    /// to a million; default 3000, so that a proxy which brings a thousand calls a second, each challenged once, stays below.
    /// </summary>
    public int NewRequestsPerSecond { get; set; } = 3000;

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

    /// <summary>Null where no certificate is named.</summary>
    public TlsSettings? Tls => TlsCertificateFile.Length == 0 ? null : new TlsSettings(TlsCertificateFile, TlsKeyFile)
    {
        TrustedRootsFile = TlsTrustedRootsFile.Length == 0 ? null : TlsTrustedRootsFile,
        ClientCertificates = TlsClientCertificates,
    };

    /// <summary>Null when one of them is no address.</summary>
    public IReadOnlyList<IPEndPoint>? NameServers
    {
        get
        {
            var list = new List<IPEndPoint>();
            foreach (var text in DnsServers.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                if (!IPEndPoint.TryParse(text, out var server)) return null;
                list.Add(server.Port == 0 ? new IPEndPoint(server.Address, 53) : server);
            }
            return list;
        }
    }

    /// <summary>Every error at once, each naming its setting.</summary>
    public IEnumerable<string> Validate()
    {
        var bind = AddressList.Parse(BindAddress);
        if (bind is not { Count: > 0 }) yield return $"{Section}: BindAddress must be an IP address, or one of each family separated by a comma.";
        if (Algorithms is null) yield return $"{Section}: DigestAlgorithms must be MD5, SHA-256 or both, separated by a comma.";
        if (UdpPort is < 0 or > 65535) yield return $"{Section}: UdpPort must be from 0 to 65535.";
        foreach (var (name, port) in new[] { (nameof(TcpPort), TcpPort), (nameof(TlsPort), TlsPort), (nameof(WssPort), WssPort) })
            if (port is < -1 or > 65535) yield return $"{Section}: {name} must be from -1 to 65535.";
        if (NewRequestsPerSecond is < 10 or > 1_000_000) yield return $"{Section}: NewRequestsPerSecond must be from 10 to 1000000.";
        if (NameServers is null) yield return $"{Section}: DnsServers must be IP addresses, separated by commas.";
        var told = AddressList.Parse(PublicAddress);
        if (told is null || told.Any(AddressList.IsWildcard) || (bind ?? [IPAddress.Any]).Any(own => !IsReachable(own, told)))
            yield return $"{Section}: PublicAddress must be an IP address that peers can reach; it is needed when BindAddress is a wildcard, once for each family.";
        foreach (var error in ValidateTls()) yield return error;
    }

    private static bool IsReachable(IPAddress bound, IReadOnlyList<IPAddress> told) =>
        !AddressList.IsWildcard(bound) || AddressList.Of(told, bound.AddressFamily) is not null;

    private IEnumerable<string> ValidateTls()
    {
        if (TlsCertificateFile.Length == 0 != (TlsKeyFile.Length == 0))
            yield return $"{Section}: TlsCertificateFile and TlsKeyFile are needed together.";
        else if (Tls is { } tls && TlsIdentity.FaultOf(tls) is { } fault) yield return $"{Section}: TlsCertificateFile: {fault}.";
        else if (Tls is null && WssPort >= 0) yield return $"{Section}: WssPort needs TlsCertificateFile and TlsKeyFile.";
    }
}
