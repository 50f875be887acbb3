using System.Net;
using System.Net.Sockets;
using ClickToDial.Calls;
using ClickToDial.Calls.Bridging;
using ClickToDial.Calls.Directory;
using ClickToDial.Calls.Events;
using ClickToDial.Sip.Authentication;
using ClickToDial.Sip.Endpoint;
using ClickToDial.Sip.Resolution;
using ClickToDial.Sip.Transport;

namespace ClickToDial.Worker.Configuration;

/// <summary>From settings, which people write, to the options of each part.</summary>
public static class Composition
{
    /// <param name="webSockets">Transports that the web server feeds.</param>
    public static CallServerOptions Of(WorkerSettings settings, params IReadOnlyList<ISipTransport> webSockets)
    {
        var worker = settings.Worker;
        return new CallServerOptions(
            new CallOptions(worker.Name) { MaxCalls = worker.MaxCalls, MaxDuration = TimeSpan.FromSeconds(worker.MaxDurationSeconds) },
            new EventOptions(Path.Combine(worker.StateFolder, "events"), worker.Name),
            new DirectoryOptions(Base(worker.FunctionsUrl), settings.Secrets.Worker) { Interval = TimeSpan.FromSeconds(worker.DirectorySeconds) },
            Of(settings.Sip, webSockets),
            settings.Media)
        {
            BindingFile = Path.Combine(worker.StateFolder, "registrations.jsonl"),
            PbxToken = settings.Secrets.Pbx,
            ControlToken = settings.Secrets.Control,
            HookSecret = settings.Secrets.Hook,
            Srtp = settings.Srtp,
            Signalling = settings.Signalling,
            Recording = settings.Recording,
            Browser = settings.Browser,
            RemoteControl = settings.RemoteControl,
            Hooks = settings.Hooks,
            Sounds = settings.Sounds,
            Digest = new DigestOptions { Algorithms = settings.Sip.Algorithms! },
        };
    }

    private static SipEndpointOptions Of(SipOptions sip, IReadOnlyList<ISipTransport> webSockets)
    {
        var addresses = AddressList.Parse(sip.BindAddress)!;
        var told = AddressList.Parse(sip.PublicAddress)!;
        List<SipListen> listen = [.. On(SipTransportKind.Udp, sip.UdpPort), .. On(SipTransportKind.Tcp, sip.TcpPort)];
        if (sip.Tls is not null) listen.AddRange(On(SipTransportKind.Tls, sip.TlsPort));
        return new SipEndpointOptions
        {
            Listen = listen,
            OtherTransports = webSockets,
            AdvertisedHost = AddressList.Of(told, AddressFamily.InterNetwork)?.ToString(),
            AdvertisedHost6 = AddressList.Of(told, AddressFamily.InterNetworkV6)?.ToString(),
            Tls = sip.Tls,
            MaxNewRequestsPerSecondPerSource = sip.NewRequestsPerSecond,
            Resolver = Resolver(sip),
        };

        IEnumerable<SipListen> On(SipTransportKind kind, int port) =>
            port < 0 ? [] : addresses.Select(address => new SipListen(kind, new IPEndPoint(address, port)));
    }

    // The system is asked last: it knows the hosts file and search domains.
    private static SipDnsResolver Resolver(SipOptions sip)
    {
        var settings = sip.NameServers is { Count: > 0 } servers ? new DnsSettings { Servers = servers } : DnsSettings.FromSystem();
        return new SipDnsResolver(settings, TimeProvider.System, system: new DnsTargetResolver());
    }

    // Relative addresses are appended, so a base must end in a slash.
    private static Uri Base(string url) => new(url.EndsWith('/') ? url : url + "/");
}
