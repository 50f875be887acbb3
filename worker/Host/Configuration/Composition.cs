using System.Net;
using ClickToDial.Calls;
using ClickToDial.Calls.Bridging;
using ClickToDial.Calls.Directory;
using ClickToDial.Calls.Events;
using ClickToDial.Sip.Authentication;
using ClickToDial.Sip.Endpoint;
using ClickToDial.Sip.Transport;

namespace ClickToDial.Worker.Configuration;

/// <summary>From settings, which people write, to the options of each part.</summary>
public static class Composition
{
    public static CallServerOptions Of(WorkerSettings settings)
    {
        var worker = settings.Worker;
        return new CallServerOptions(
            new CallOptions(worker.Name) { MaxCalls = worker.MaxCalls, MaxDuration = TimeSpan.FromSeconds(worker.MaxDurationSeconds) },
            new EventOptions(Path.Combine(worker.StateFolder, "events"), worker.Name),
            new DirectoryOptions(Base(worker.FunctionsUrl), worker.WorkerToken) { Interval = TimeSpan.FromSeconds(worker.DirectorySeconds) },
            Of(settings.Sip),
            settings.Media)
        {
            BindingFile = Path.Combine(worker.StateFolder, "registrations.jsonl"),
            PbxToken = worker.PbxToken,
            Digest = new DigestOptions { Algorithms = settings.Sip.Algorithms! },
        };
    }

    private static SipEndpointOptions Of(SipOptions sip)
    {
        var bind = IPAddress.Parse(sip.BindAddress);
        List<SipListen> listen = [new SipListen(SipTransportKind.Udp, new IPEndPoint(bind, sip.UdpPort))];
        if (sip.TcpPort >= 0) listen.Add(new SipListen(SipTransportKind.Tcp, new IPEndPoint(bind, sip.TcpPort)));
        return new SipEndpointOptions { Listen = listen, AdvertisedHost = sip.PublicAddress.Length > 0 ? sip.PublicAddress : null };
    }

    // Relative addresses are appended, so a base must end in a slash.
    private static Uri Base(string url) => new(url.EndsWith('/') ? url : url + "/");
}
