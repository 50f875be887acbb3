using System.Globalization;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transactions;
using ClickToDial.Sip.Transport;

namespace ClickToDial.Sip.Endpoint;

/// <summary>How messages of ours find their way and leave.</summary>
public sealed partial class SipEndpoint
{
    /// <summary>
    /// Sends a request other than ACK and CANCEL in a transaction of its own. The stack adds the Via and, where they are
    /// missing, Max-Forwards and User-Agent. Without a flow the next hop is taken from the message and looked up.
    /// </summary>
    public void Send(SipRequest request, SipFlow? flow, IClientTransactionUser user)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(user);
        if (flow is not null) _loop.Do(() => StartClient(request, flow, user, null));
        else if (NextHop.TryFlow(NextHop.Of(request), out var known)) _loop.Do(() => new TargetWalk(this, request, [new SipTarget(known)], user).Start());
        else _lookups.Add(SendResolvedAsync(request, user));
    }

    /// <summary>Tries flows that one device opened, in turn, until one of them leads to it (RFC 5626 section 5.3).</summary>
    internal void Send(SipRequest request, IReadOnlyList<SipTarget> flows, IClientTransactionUser user) =>
        _loop.Do(() => new TargetWalk(this, request, flows, user, isFixed: true).Start());

    /// <summary>The same request with credentials: to where the one before was answered, by the transport that its size asks for.</summary>
    internal void SendAgain(SipRequest request, ClientTransaction before, IClientTransactionUser user)
    {
        if (before.Chosen is not { } chosen) Send(request, before.Flow, user);
        else _loop.Do(() => new TargetWalk(this, request, [new SipTarget(chosen)], user).Start());
    }

    /// <summary>Sends a message outside of any transaction: the ACK of a success, or a response nobody waits for.</summary>
    /// <param name="again">It was sent before and did not arrive: by TCP for its size only if that is connected.</param>
    public void SendStateless(SipRequest request, SipFlow? flow = null, bool again = false)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (flow is not null) _loop.Do(() => SendNow(request, flow));
        else if (NextHop.TryFlow(NextHop.Of(request), out var found)) _loop.Do(() => SendNow(request, Sized(request, found, again)));
        else _lookups.Add(SendStatelessResolvedAsync(request, again));
    }

    /// <summary>Stamps and starts a client transaction, on the loop. A given branch is kept (a CANCEL has its INVITE's).</summary>
    internal ClientTransaction? StartClient(SipRequest request, SipFlow flow, IClientTransactionUser user, string? branch)
    {
        if (Stamp(request, flow, branch)) return _layer.StartClient(request, flow, user);
        user.OnFailure(null, TransactionFailure.Unresolved);
        return null;
    }

    internal bool CanReach(SipFlow flow) => _transports.For(flow) is not null;

    // RFC 3261 section 18.1.1: a transport named in the URI is a choice of the peer's, not ours to change.
    internal static bool MayChooseTransport(SipRequest request) => NextHop.Of(request).Transport is null;

    /// <summary>TCP to the same address when the request, as it would be sent on this flow, is too large for a datagram; else null.</summary>
    internal SipFlow? TcpInstead(SipRequest request, SipFlow flow)
    {
        if (flow.Kind != SipTransportKind.Udp || !Stamp(request, flow, null) || _layer.Measure(request) <= _options.MaxDatagramRequest) return null;
        var tcp = new SipFlow(SipTransportKind.Tcp, flow.Remote);
        return CanReach(tcp) ? tcp : null;
    }

    /// <summary>
    /// Our Contact was made before the next hop was known: now it names the transport and the address by which this peer reaches
    /// us, or requests of the peer would come by another transport than ours, and bare where ours are secure.
    /// </summary>
    internal void FitContact(SipRequest request, SipFlow flow)
    {
        if (request.To.Tag is not null || request.Contact is not { } told || ContactFor(flow) is not { } fit) return;
        if (told.Uri.Host == fit.Host && told.Uri.Port == fit.Port && told.Uri.Transport == fit.Transport) return;
        var uri = told.Uri.WithHost(fit.Host, fit.Port).WithoutParameter("transport");
        if (fit.Transport is { } transport) uri = uri.WithParameter("transport", transport);
        request.Headers.Set(HeaderName.Contact, new NameAddress(uri, told.DisplayName, told.Parameters).ToString());
    }

    // The ACK that did not arrive by TCP goes by UDP when no connection came about; nothing else tells of an ACK's failure.
    private SipFlow Sized(SipRequest request, SipFlow flow, bool again) =>
        MayChooseTransport(request) && TcpInstead(request, flow) is { } tcp && !(again && !IsOpen(tcp)) ? tcp : flow;

    private bool Stamp(SipRequest request, SipFlow flow, string? branch)
    {
        if (_transports.AddressFor(flow) is not var (host, port)) return false;
        branch ??= Via.MagicCookie + Tokens.Next();
        request.Headers.Remove(HeaderName.Via);
        request.Headers.Prepend(HeaderName.Via,
            string.Create(CultureInfo.InvariantCulture, $"SIP/2.0/{flow.ViaName} {host}:{port};branch={branch};rport{AliasOf(flow)}"));
        if (!request.Headers.Contains(HeaderName.MaxForwards)) request.Headers.Add(HeaderName.MaxForwards, "70");
        if (_options.Product is { } product && !request.Headers.Contains(HeaderName.UserAgent))
            request.Headers.Add(HeaderName.UserAgent, product);
        return true;
    }

    // RFC 5923: the peer may send its own requests down a connection on which we showed our certificate.
    private static string AliasOf(SipFlow flow) => flow is { Kind: SipTransportKind.Tls, HostName: not null } ? ";alias" : "";

    private void SendNow(SipRequest request, SipFlow flow)
    {
        if (Stamp(request, flow, null)) _layer.Send(flow, request);
    }

    private async Task SendResolvedAsync(SipRequest request, IClientTransactionUser user)
    {
        var targets = await ResolveQuietlyAsync(request);
        _loop.Do(() => new TargetWalk(this, request, [.. targets.Select(flow => new SipTarget(flow))], user).Start());
    }

    private async Task SendStatelessResolvedAsync(SipRequest request, bool again)
    {
        if (await ResolveQuietlyAsync(request) is [var flow, ..]) _loop.Do(() => SendNow(request, Sized(request, flow, again)));
    }

    private async Task<IReadOnlyList<SipFlow>> ResolveQuietlyAsync(SipRequest request)
    {
        try
        {
            return await TargetsAsync(NextHop.Of(request), _stop.Token);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            SipLog.StepFailed(_logger, "resolution", e);
            return [];
        }
    }
}
