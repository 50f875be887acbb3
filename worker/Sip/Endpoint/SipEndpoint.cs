using System.Globalization;
using ClickToDial.Sip.Dialogs;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transactions;
using ClickToDial.Sip.Transport;
using Microsoft.Extensions.Logging;

namespace ClickToDial.Sip.Endpoint;

/// <summary>Gets what peers ask outside of dialogs. Called on the stack loop: must not block, must answer every transaction.</summary>
public interface ISipHandler
{
    /// <summary>A request that passed the checks of <see cref="RequestScreen"/>. The user answers it, now or later.</summary>
    void OnRequest(ServerTransaction transaction);

    /// <summary>
    /// Asked first, for a request outside of dialogs: a final response that is to be sent without keeping anything of the
    /// request, as a challenge to somebody who has shown no credentials. Null goes on to <see cref="OnRequest"/>.
    /// </summary>
    SipResponse? AnswerStatelessly(StatelessRequest request) => null;
}

/// <summary>
/// The SIP stack of one process: transports below, transactions and dialogs inside, a handler above. All public members may
/// be called from any thread. Callbacks run on the stack's one loop.
/// </summary>
public sealed partial class SipEndpoint : ITransactionUser, ISipTransportSink, IAsyncDisposable
{
    // Each one that is silent costs 64*T1, so a long list helps nobody.
    private const int MaxTargets = 8;

    private readonly SipEndpointOptions _options;
    private readonly TransportSet _transports;
    private readonly StackLoop _loop;
    private readonly TransactionLayer _layer;
    private readonly RequestScreen _screen;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly BackgroundTasks _lookups = new();
    private ISipHandler? _handler;

    /// <summary>Binds all addresses at once; throws <see cref="System.Net.Sockets.SocketException"/> when one is taken.</summary>
    public SipEndpoint(SipEndpointOptions options, TimeProvider time, ILogger<SipEndpoint> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _logger = logger;
        _transports = new TransportSet(options, time, logger);
        _loop = new StackLoop(time, logger, options.MaxWaitingMessages);
        var admission = new ServerAdmission(options.MaxOpenRequests, options.MaxOpenRequestsPerSource);
        _layer = new TransactionLayer(_loop, options.Timers, options.Tokens, _transports.Send, _transports.IsOpen, admission,
            new RequestRate(options.MaxNewRequestsPerSecondPerSource, time), time, logger)
        {
            User = this,
            Random = options.Random,
            Reliable = options.SupportedExtensions.Contains("100rel", StringComparer.OrdinalIgnoreCase) ? options.ReliableProvisionals : null,
        };
        Sessions = options.Session is { } session ? new SessionKeeper(session, _loop) : null;
        _screen = new RequestScreen(options);
        Supported = options.SupportedExtensions.Count > 0 ? string.Join(", ", options.SupportedExtensions) : null;
        Dialogs = new DialogTable();
    }

    /// <summary>The bound addresses with their real ports, in the order of the options.</summary>
    public IReadOnlyList<SipListen> Listening
    {
        get
        {
            var result = new List<SipListen>(_transports.All.Count);
            foreach (var transport in _transports.All.Where(transport => transport.IsListener)) result.Add(new SipListen(transport.Kind, transport.Local));
            return result;
        }
    }

    /// <summary>Dialogs whose requests go to their own user.</summary>
    public DialogTable Dialogs { get; }

    public ITokenSource Tokens => _options.Tokens;

    public TransactionTimers Timers => _options.Timers;

    /// <summary>The value of Allow: what <see cref="SipEndpointOptions.AllowedMethods"/> says.</summary>
    public string Allow => _screen.Allow;

    internal bool Supports(string extension) => _options.SupportedExtensions.Contains(extension, StringComparer.OrdinalIgnoreCase);

    /// <summary>The value of Supported; null when there is nothing to say.</summary>
    public string? Supported { get; }

    /// <summary>Received messages that wait to be handled: a measure of load.</summary>
    public int WaitingMessages => _loop.Waiting;

    /// <summary>Asks the stack's loop what it keeps.</summary>
    public Task<SipLoad> MeasureLoadAsync()
    {
        var answer = new TaskCompletionSource<SipLoad>(TaskCreationOptions.RunContinuationsAsynchronously);
        _loop.Do(() => answer.SetResult(new SipLoad(_layer.Count, _loop.Timers.Count, Dialogs.Count, _loop.Waiting)));
        return answer.Task;
    }

    internal StackLoop Loop => _loop;

    internal TransactionLayer Layer => _layer;

    /// <summary>Keeps session timers; null where they are not used.</summary>
    internal SessionKeeper? Sessions { get; }

    /// <summary>Begins to receive. Called once.</summary>
    public void Start(ISipHandler handler)
    {
        _handler = handler;
        _loop.Start(_layer.OnMessage, _layer.OnFlowFailed);
        foreach (var transport in _transports.All) transport.Start(this);
    }

    /// <summary>Our Contact towards a peer: <c>sip:user@host:port;transport=...</c>. Null when no transport reaches it.</summary>
    public SipUri? ContactFor(SipFlow flow, string? user = null)
    {
        ArgumentNullException.ThrowIfNull(flow);
        if (_transports.AddressFor(flow) is not var (host, port)) return null;
        var uri = SipUri.Create(user, host, port);
        return flow.Kind == SipTransportKind.Udp ? uri : uri.WithParameter("transport", SipTransports.UriName(flow.Kind));
    }

    /// <summary>True while a flow that a peer opened leads back to it: always for datagrams, and while the connection lasts.</summary>
    public bool IsOpen(SipFlow flow)
    {
        ArgumentNullException.ThrowIfNull(flow);
        return _transports.IsOpen(flow);
    }

    /// <summary>True when nobody on the way to the next server or phone can read what is sent on this flow.</summary>
    public bool Encrypts(SipFlow flow)
    {
        ArgumentNullException.ThrowIfNull(flow);
        return _transports.Encrypts(flow);
    }

    /// <summary>True when who speaks on this connection has proved by a TLS certificate to speak for the name (RFC 5922).</summary>
    public bool Proves(SipFlow flow, string host)
    {
        ArgumentNullException.ThrowIfNull(flow);
        return _transports.Proves(flow, host);
    }

    /// <summary>The flow to a next hop. Empty result of the resolver: null.</summary>
    public async ValueTask<SipFlow?> ResolveAsync(SipUri uri, CancellationToken stop) =>
        NextHop.TryFlow(uri, out var flow) ? flow : await TargetsAsync(uri, stop) is [var first, ..] ? first : null;

    /// <summary>All flows to a next hop that a transport of ours can reach, best first; empty when there are none.</summary>
    public async ValueTask<IReadOnlyList<SipFlow>> ResolveAllAsync(SipUri uri, CancellationToken stop) =>
        NextHop.TryFlow(uri, out var flow) ? [flow] : await TargetsAsync(uri, stop);

    // What the resolver found and a transport of ours can reach, in its order.
    private async Task<IReadOnlyList<SipFlow>> TargetsAsync(SipUri uri, CancellationToken stop)
    {
        var found = await _options.Resolver.ResolveAsync(uri, stop);
        return [.. found.Where(CanReach).Take(MaxTargets)];
    }

    /// <summary>Runs a step on the stack loop. A step must not block.</summary>
    public void Post(Action step) => _loop.Do(step);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _lookups.WhenAllAsync();
        await _transports.DisposeAsync();
        await _loop.DisposeAsync();
        _stop.Dispose();
    }

    /// <summary>Sees what comes before the stack does; null where this server is alone. Set before <see cref="Start"/>.</summary>
    public ISipPassage? Passage { get; set; }

    /// <summary>Sends a message of another server's transaction. From any thread. False when it will not leave.</summary>
    public bool TryForward(SipFlow flow, ReadOnlySpan<byte> message) => _transports.Send(flow, message);

    bool ISipTransportSink.OnMessage(SipMessage message, SipFlow flow) => (Passage?.TryTake(message, flow) ?? PassageVerdict.NotTaken) switch
    {
        PassageVerdict.Taken => true,
        PassageVerdict.NoRoom => false,
        _ => _loop.TryPostMessage(message, flow),
    };

    void ISipTransportSink.OnFlowFailed(SipFlow flow)
    {
        Passage?.OnFlowFailed(flow);
        _loop.PostFlowFailed(flow, unreached: false);
    }

    void ISipTransportSink.OnConnectFailed(SipFlow flow)
    {
        Passage?.OnFlowFailed(flow);
        _loop.PostFlowFailed(flow, unreached: true);
    }

    // A request of a dialog that is not known is refused without a transaction, or such requests would be the way to fill memory.
    SipResponse? ITransactionUser.AnswerStatelessly(StatelessRequest request)
    {
        if (DialogId.OfIncoming(request.Request) is not { } id) return _handler!.AnswerStatelessly(request);
        if (Dialogs.Find(id) is { User: not null }) return null;
        return request.Request.Method == SipMethod.Prack && FindReliable(request.Request, out _) is not null ? null : request.CreateResponse(481);
    }

    void ITransactionUser.OnRequest(ServerTransaction transaction)
    {
        if (_screen.Refusal(transaction) is { } refusal) transaction.Respond(refusal);
        else if (transaction.Request.Method == SipMethod.Prack) OnPrack(transaction);
        else if (Sessions?.Refusal(transaction) is { } tooSmall) transaction.Respond(tooSmall);
        else if (DialogId.OfIncoming(transaction.Request) is { } id) Deliver(id, transaction);
        else _handler!.OnRequest(transaction);
    }

    // RFC 3261 section 17.1.1.3 and 13.3.1.4: an ACK for nothing we know is dropped, never answered.
    void ITransactionUser.OnStrayAck(SipRequest ack, SipFlow flow)
    {
    }

    // Section 12.2.2.
    private void Deliver(DialogId id, ServerTransaction transaction)
    {
        if (Dialogs.Find(id) is not { User: { } user } dialog)
        {
            transaction.Respond(481);
            return;
        }
        if (!dialog.AcceptSequence(transaction.Request))
        {
            transaction.Respond(500, "CSeq Out Of Order");
            return;
        }
        if (IsRefused(dialog, transaction)) return;
        // Also of an early dialog, where only the caller may send it: an answer that comes after it is not wanted any more.
        if (transaction.Request.Method == SipMethod.Bye) dialog.Terminate();
        dialog.Flow = transaction.Flow;
        dialog.IsBehindNat = ViaStamp.ShowsNat(transaction.Request, transaction.Flow);
        if (transaction.Request.Method == SipMethod.Invite || transaction.Request.Method == SipMethod.Update)
            dialog.Refresh(transaction.Request);
        user.OnDialogRequest(dialog, transaction);
    }

    private InviteServerTransaction? FindReliable(SipRequest prack, out ReliableAck ack) =>
        ReliableAck.TryRead(prack.Headers, out ack) ? _layer.FindReliable(prack, ack) : null;

    // RFC 3262 section 3. The dialog may not have been made yet, as it is the user's to make; the INVITE is there in any case.
    private void OnPrack(ServerTransaction prack)
    {
        var dialog = DialogId.OfIncoming(prack.Request) is { } id ? Dialogs.Find(id) : null;
        if (FindReliable(prack.Request, out var ack) is not { } invite) prack.Respond(481);
        else if (dialog is not null && !dialog.AcceptSequence(prack.Request)) prack.Respond(500, "CSeq Out Of Order");
        else if (invite.OnPrack(ack) is not { } acknowledged) prack.Respond(481);
        else
        {
            // What the response held is settled with this: our answer, or our offer when the PRACK answers it.
            var ours = invite.Request.Body.IsEmpty;
            if (!acknowledged.Body.IsEmpty) dialog?.End(ours ? OpenExchanges.OurOffer : OpenExchanges.TheirOffer);
            if (prack.Request.Body.IsEmpty) prack.Respond(200);
            else if (invite.Pracked is not { } user) prack.Respond(488);
            else
            {
                if (!ours || acknowledged.Body.IsEmpty) dialog?.Follow(prack);
                user(prack);
            }
            invite.Continue();
        }
    }

    // RFC 3261 section 14.2, RFC 3311 section 5.2: one offer at a time.
    private bool IsRefused(Dialog dialog, ServerTransaction transaction)
    {
        var request = transaction.Request;
        if (request.Method != SipMethod.Invite && request.Method != SipMethod.Update) return false;
        var verdict = ExchangeRules.OnRequest(dialog.Open, request.Method, !request.Body.IsEmpty);
        if (verdict == ExchangeVerdict.Take)
        {
            dialog.Follow(transaction);
            return false;
        }
        var response = transaction.CreateResponse(verdict == ExchangeVerdict.Glare ? 491 : 500);
        if (verdict == ExchangeVerdict.Later)
            response.Headers.Add(HeaderName.RetryAfter, _options.Random.Next(0, 11).ToString(CultureInfo.InvariantCulture));
        transaction.Respond(response);
        return true;
    }
}
