using System.Net;
using ClickToDial.Sip.Endpoint;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Tests.Endpoint;
using ClickToDial.Sip.Transactions;
using ClickToDial.Sip.Transport;
using ClickToDial.Sip.Transport.Tls;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClickToDial.Sip.Tests.Transport.Tls;

/// <summary>An endpoint on TLS that answers everything with 200 and finds every name at one address.</summary>
internal sealed class TlsPhone : ISipHandler, ITargetResolver, IAsyncDisposable
{
    private readonly SipEndpoint _endpoint;

    public TlsPhone(TlsSettings tls)
    {
        _endpoint = new SipEndpoint(new SipEndpointOptions
        {
            Listen = [new SipListen(SipTransportKind.Tls, new IPEndPoint(IPAddress.Loopback, 0))],
            Tls = tls,
            Resolver = this,
        }, TimeProvider.System, NullLogger<SipEndpoint>.Instance);
        _endpoint.Start(this);
    }

    public IPEndPoint Address => _endpoint.Listening[0].Address;

    public IPEndPoint Peer { get; set; } = new(IPAddress.Loopback, 9);

    public Task<RequestOutcome> Ask(string uri)
    {
        var done = new TaskCompletionSource<RequestOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        var request = _endpoint.CreateRequest(SipMethod.Options, SipUri.Parse(uri), NameAddress.Parse("<sip:a@b>"), NameAddress.Parse("<sip:c@d>"));
        _endpoint.Request(request, null, done.SetResult);
        return done.Task.WaitAsync(TestPhone.Patience);
    }

    public void OnRequest(ServerTransaction transaction) => transaction.Respond(200);

    public ValueTask<IReadOnlyList<SipFlow>> ResolveAsync(SipUri uri, CancellationToken stop) => NextHop.TryTransport(uri, out var kind)
        ? ValueTask.FromResult<IReadOnlyList<SipFlow>>([NextHop.Flow(uri, kind, Peer)])
        : ValueTask.FromResult<IReadOnlyList<SipFlow>>([]);

    public ValueTask DisposeAsync() => _endpoint.DisposeAsync();
}
