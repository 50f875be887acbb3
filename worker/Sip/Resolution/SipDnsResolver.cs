using System.Net;
using System.Security.Cryptography;
using ClickToDial.Sip.Endpoint;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transport;

namespace ClickToDial.Sip.Resolution;

/// <summary>
/// From a URI to the targets to try, best first (RFC 3263 section 4): NAPTR tells the transports, SRV the hosts and ports, A
/// and AAAA the addresses. A name the DNS does not know at all is left to the system (hosts file, search domains). A whole
/// resolution ends within <see cref="DnsSettings.Deadline"/>.
/// </summary>
public sealed class SipDnsResolver : ITargetResolver
{
    private const int MaxServices = 8;

    private readonly DnsClient _dns;
    private readonly DnsSettings _settings;
    private readonly TimeProvider _time;
    private readonly Func<int, int> _random;
    private readonly ITargetResolver? _system;

    /// <param name="settings">Servers and limits.</param>
    /// <param name="time">For lifetimes and deadlines.</param>
    /// <param name="random">A number from 0 up to, not including, its argument; null draws from the system.</param>
    /// <param name="system">Asked last; null: nobody.</param>
    public SipDnsResolver(DnsSettings settings, TimeProvider time, Func<int, int>? random = null, ITargetResolver? system = null)
    {
        _settings = settings;
        _time = time;
        _dns = new DnsClient(settings, time);
        _random = random ?? RandomNumberGenerator.GetInt32;
        _system = system;
    }

    public async ValueTask<IReadOnlyList<SipFlow>> ResolveAsync(SipUri uri, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(uri);
        if (NextHop.TryFlow(uri, out var known)) return [known];
        if (!uri.IsSip || !NextHop.TryTransport(uri, out _)) return [];
        using var limit = new CancellationTokenSource(_settings.Deadline, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            if (await TargetsAsync(uri, both.Token) is { } targets && (targets.Count > 0 || _system is null)) return targets;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // Out of time: the system may still know the name from a file.
        }
        return _system is null ? [] : await _system.ResolveAsync(uri, stop);
    }

    private async Task<IReadOnlyList<SipFlow>> TargetsAsync(SipUri uri, CancellationToken stop)
    {
        NextHop.TryTransport(uri, out var kind);
        if (uri.Port > 0) return await HostsAsync(uri, kind, uri.Host, uri.Port, stop); // Section 4.2, a port was given.
        IReadOnlyList<(SipTransportKind Kind, string Name)> services = uri.Transport is null ? await NaptrAsync(uri, stop) : [];
        if (services.Count == 0) services = Guesses(uri, kind);
        var (targets, isService) = await ServicesAsync(uri, services, stop);
        return isService ? targets : await HostsAsync(uri, kind, uri.Host, SipTransports.DefaultPort(kind), stop);
    }

    // Section 4.1: the transports the domain offers, in its order; for sips only those over TLS.
    private async Task<IReadOnlyList<(SipTransportKind, string)>> NaptrAsync(SipUri uri, CancellationToken stop)
    {
        var records = await _dns.FindAsync(uri.Host, DnsType.Naptr, stop) ?? [];
        return [.. records.OfType<NaptrRecord>()
            .Where(r => r.Flags.Equals("s", StringComparison.OrdinalIgnoreCase) && r.Replacement.Length > 0)
            .OrderBy(r => r.Order).ThenBy(r => r.Preference)
            .Select(r => (Kind: KindOf(r.Services), r.Replacement))
            .Where(s => s.Kind is { } kind && (!uri.IsSecure || kind == SipTransportKind.Tls))
            .Select(s => (s.Kind!.Value, s.Replacement))
            .Take(MaxServices)];
    }

    private static SipTransportKind? KindOf(string services) => services.ToUpperInvariant() switch
    {
        "SIP+D2U" => SipTransportKind.Udp,
        "SIP+D2T" => SipTransportKind.Tcp,
        "SIPS+D2T" => SipTransportKind.Tls,
        _ => null,
    };

    // Section 4.1: without NAPTR, SRV is asked for each transport of ours; a named transport is asked for alone.
    private static IReadOnlyList<(SipTransportKind, string)> Guesses(SipUri uri, SipTransportKind kind) => kind switch
    {
        SipTransportKind.Ws or SipTransportKind.Wss => [],
        SipTransportKind.Tls => [(SipTransportKind.Tls, $"_sips._tcp.{uri.Host}")],
        SipTransportKind.Tcp => [(SipTransportKind.Tcp, $"_sip._tcp.{uri.Host}")],
        _ when uri.Transport is not null => [(SipTransportKind.Udp, $"_sip._udp.{uri.Host}")],
        _ => [(SipTransportKind.Udp, $"_sip._udp.{uri.Host}"), (SipTransportKind.Tcp, $"_sip._tcp.{uri.Host}")],
    };

    // The second value tells that there are SRV records, so that the bare host must not be asked any more, even if they say no.
    private async Task<(IReadOnlyList<SipFlow> Targets, bool IsService)> ServicesAsync(
        SipUri uri, IReadOnlyList<(SipTransportKind Kind, string Name)> services, CancellationToken stop)
    {
        List<SipFlow> targets = [];
        var isService = false;
        foreach (var (kind, name) in services)
        {
            var records = await _dns.FindAsync(name, DnsType.Srv, stop) ?? [];
            isService |= records.Count > 0;
            foreach (var server in SrvOrder.Of(records.OfType<SrvRecord>(), _random).Take(MaxServices))
                if (server.Target.Length > 0) targets.AddRange(await HostsAsync(uri, kind, server.Target, server.Port, stop));
        }
        return (targets, isService);
    }

    private async Task<IReadOnlyList<SipFlow>> HostsAsync(SipUri uri, SipTransportKind kind, string host, int port, CancellationToken stop)
    {
        if (IsLocalhost(host)) return [NextHop.Flow(uri, kind, new IPEndPoint(IPAddress.Loopback, port)), NextHop.Flow(uri, kind, new IPEndPoint(IPAddress.IPv6Loopback, port))];
        var v4 = _dns.FindAsync(host, DnsType.A, stop).AsTask();
        var v6 = _dns.FindAsync(host, DnsType.Aaaa, stop).AsTask();
        await Task.WhenAll(v4, v6);
        return [.. ((await v4) ?? []).Concat((await v6) ?? []).OfType<AddressRecord>()
            .Select(r => NextHop.Flow(uri, kind, new IPEndPoint(r.Address, port)))];
    }

    // RFC 6761 section 6.3: never asked of a server.
    private static bool IsLocalhost(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);
}
