using System.Net;
using ClickToDial.Sip.Dialogs;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Parsing;
using ClickToDial.Sip.Transactions;
using ClickToDial.Sip.Transport;
using ClickToDial.Sip.Transport.Tls;

namespace ClickToDial.Sip.Endpoint;

/// <summary>An address to listen on; port 0 takes a free one.</summary>
public sealed record SipListen(SipTransportKind Kind, IPEndPoint Address);

/// <summary>How an endpoint behaves. Everything has a default but the addresses.</summary>
public sealed record SipEndpointOptions
{
    /// <summary>Addresses to bind. Requests leave from the first that fits transport and address family.</summary>
    public required IReadOnlyList<SipListen> Listen { get; init; }

    /// <summary>Transports made elsewhere (TLS, WebSocket, a network inside a test). The endpoint starts and disposes them.</summary>
    public IReadOnlyList<ISipTransport> OtherTransports { get; init; } = [];

    /// <summary>Host or address that peers reach us by; goes into Via and Contact. Null: the local address towards the peer.</summary>
    public string? AdvertisedHost { get; init; }

    /// <summary>The same for peers reached by IPv6. Null: <see cref="AdvertisedHost"/>.</summary>
    public string? AdvertisedHost6 { get; init; }

    /// <summary>Certificate and trust; needed to listen on TLS.</summary>
    public TlsSettings? Tls { get; init; }

    /// <summary>Methods whose requests are handed up; others get 405, and unknown ones 501.</summary>
    public IReadOnlyList<SipMethod> AllowedMethods { get; init; } =
        [SipMethod.Invite, SipMethod.Ack, SipMethod.Bye, SipMethod.Cancel, SipMethod.Options, SipMethod.Register, SipMethod.Info, SipMethod.Update, SipMethod.Prack];

    /// <summary>Option tags that a peer may require; others get 420.</summary>
    public IReadOnlyList<string> SupportedExtensions { get; init; } = [];

    /// <summary>When provisional responses are sent reliably, given that <see cref="SupportedExtensions"/> has <c>100rel</c>.</summary>
    public ReliablePolicy ReliableProvisionals { get; init; } = ReliablePolicy.WhenRequired;

    /// <summary>Session timers (RFC 4028) for all dialogs; null uses none, and answers requests for one without it.</summary>
    public SessionTimerOptions? Session { get; init; }

    /// <summary>Option tags that a REGISTER may require besides; they mean nothing in a call.</summary>
    public IReadOnlyList<string> RegistrarExtensions { get; init; } = [];

    /// <summary>The value of User-Agent and Server; null sends none.</summary>
    public string? Product { get; init; } = "ClickToDial";

    public TransactionTimers Timers { get; init; } = TransactionTimers.Rfc3261;

    public SipLimits Limits { get; init; } = SipLimits.Default;

    /// <summary>Received messages that may wait for the stack. Default 8192; beyond it datagrams are lost and streams wait.</summary>
    public int MaxWaitingMessages { get; init; } = 8192;

    /// <summary>
    /// Requests outside of dialogs that may be open; each takes some 3 kB for half a minute. Default 32768. What comes beyond it
    /// gets 503 and leaves nothing behind.
    /// </summary>
    public int MaxOpenRequests { get; init; } = 32_768;

    /// <summary>The same, from one address. Default 8192, as everybody may be behind one proxy or NAT.</summary>
    public int MaxOpenRequestsPerSource { get; init; } = 8192;

    /// <summary>
    /// New requests outside of dialogs that one address may send in a second. Default 3000: a proxy that brings a thousand calls,
    /// each challenged once, stays below it. As many again get 503, and the rest no answer; calls that are there are not touched.
    /// </summary>
    public int MaxNewRequestsPerSecondPerSource { get; init; } = 3000;

    /// <summary>TCP connections open at a time. Default 4096.</summary>
    public int MaxConnections { get; init; } = 4096;

    /// <summary>
    /// A request larger than this goes over TCP when nothing fixed its transport, and over UDP if TCP cannot be connected
    /// (RFC 3261 section 18.1.1). Octets, default 1300.
    /// </summary>
    public int MaxDatagramRequest { get; init; } = 1300;

    /// <summary>For waits that two peers must not share. Used from several threads.</summary>
    public Random Random { get; init; } = Random.Shared;

    public ITokenSource Tokens { get; init; } = new RandomTokens();

    public ITargetResolver Resolver { get; init; } = new DnsTargetResolver();

    public ISipTrace? Trace { get; init; }
}
