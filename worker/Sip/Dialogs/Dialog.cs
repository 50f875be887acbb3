using ClickToDial.Sip.Endpoint;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transactions;
using ClickToDial.Sip.Transport;

namespace ClickToDial.Sip.Dialogs;

/// <summary>Names a dialog (RFC 3261 section 12). The tags are seen from here, so they cannot be swapped unnoticed.</summary>
public readonly record struct DialogId(string CallId, string LocalTag, string RemoteTag)
{
    /// <summary>The dialog a request of the peer names, or null when one of the tags is missing.</summary>
    public static DialogId? OfIncoming(SipRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.To.Tag is { } local ? new DialogId(request.CallId, local, request.From.Tag ?? "") : null;
    }
}

public enum DialogState
{
    Early,
    Confirmed,
    Terminated,
}

/// <summary>Hears what the peer sends within a dialog. Called on the stack loop: must not block.</summary>
public interface IDialogUser
{
    /// <summary>A request in order (its CSeq was checked). It must be answered.</summary>
    void OnDialogRequest(Dialog dialog, ServerTransaction transaction);

    /// <summary>
    /// It is our turn to keep the session alive (RFC 4028 section 10): send an UPDATE, or a re-INVITE with the description as it
    /// is. If that cannot be, or is refused, <see cref="Dialog.RefreshAgain"/> brings this back.
    /// </summary>
    void OnSessionDue(Dialog dialog)
    {
    }

    /// <summary>Nobody has refreshed the session in time: it is to be ended.</summary>
    void OnSessionExpired(Dialog dialog)
    {
    }
}

/// <summary>
/// The state of one dialog (RFC 3261 section 12). What changes is safe to use from the stack loop and from one call loop at
/// the same time: the local CSeq is counted atomically, the route set is fixed when the dialog is confirmed, the remote
/// target is replaced as a whole, and the remote CSeq is touched by the stack loop only.
/// </summary>
public sealed class Dialog
{
    private readonly string _callId;
    private volatile SipUri _remoteTarget;
    private volatile IReadOnlyList<NameAddress> _routes;
    private uint _localSequence;
    private long _remoteSequence = -1;
    private volatile DialogState _state;
    private volatile bool _peerAllowsUpdate;
    private volatile bool _peerRefusesInfo;
    private volatile OpenExchanges _open;

    private Dialog(DialogId id, NameAddress local, NameAddress remote, SipUri localContact, SipUri remoteTarget,
        IReadOnlyList<NameAddress> routes, SipFlow flow)
    {
        Id = id;
        _callId = id.CallId;
        Local = local;
        Remote = remote;
        LocalContact = localContact;
        _remoteTarget = remoteTarget;
        _routes = routes;
        Flow = flow;
    }

    public DialogId Id { get; }

    public DialogState State => _state;

    /// <summary>Our side, with our tag.</summary>
    public NameAddress Local { get; }

    /// <summary>Their side, with their tag.</summary>
    public NameAddress Remote { get; }

    /// <summary>The URI the peer sends requests to; goes into the Contact of ours.</summary>
    public SipUri LocalContact { get; }

    /// <summary>The peer's Contact, as last refreshed.</summary>
    public SipUri RemoteTarget => _remoteTarget;

    /// <summary>In the order in which they go into Route headers.</summary>
    public IReadOnlyList<NameAddress> Routes => _routes;

    /// <summary>Where the peer was last heard: the way back to a phone behind a NAT.</summary>
    public SipFlow Flow { get; internal set; }

    /// <summary>True when the peer's own messages, or the way it had to be reached, showed a translator in front of it.</summary>
    public bool IsBehindNat { get; internal set; }

    /// <summary>
    /// Where the peer is registered from now, if it is a phone that registers: the way it keeps open, whatever its Contact says
    /// and wherever it moved since the call began. Asked for each request; null, or giving null, leaves the other rules.
    /// </summary>
    public Func<SipFlow?>? Registered { get; set; }

    /// <summary>The peer has said that it takes UPDATE.</summary>
    public bool PeerAllowsUpdate => _peerAllowsUpdate;

    /// <summary>The peer has said what it takes, and INFO is not among it; who says nothing is worth a try.</summary>
    public bool PeerRefusesInfo => _peerRefusesInfo;

    /// <summary>The Call-ID is ours, as the first INVITE was.</summary>
    public bool OwnsCallId { get; private init; }

    /// <summary>How long the session lives without a refresh; null where session timers are not used.</summary>
    public SessionInterval? SessionHeld => Session?.Held;

    internal SessionTimer? Session { get; set; }

    /// <summary>Requests and offers that wait for an end. Changed by the stack loop only, as messages come and go.</summary>
    public OpenExchanges Open => _open;

    /// <summary>Who gets the requests of this dialog. Set before the dialog is added to the endpoint.</summary>
    public IDialogUser? User { get; set; }

    /// <summary>
    /// The dialog a success or a tagged provisional response of ours creates (section 12.1.1). Null when the request has no
    /// usable Contact or no From tag.
    /// </summary>
    public static Dialog? FromIncoming(ServerTransaction transaction, SipUri localContact)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        var request = transaction.Request;
        if (request.Contact is not { } contact) return null;
        if (HeaderRoutes(request) is not { } routes) return null;
        var id = new DialogId(request.CallId, transaction.LocalTag, request.From.Tag ?? "");
        var local = request.To.WithTag(transaction.LocalTag);
        var dialog = new Dialog(id, local, request.From, localContact, contact.Uri, routes, transaction.Flow)
        {
            _remoteSequence = request.CSeq.Number,
            _state = DialogState.Early,
            IsBehindNat = ViaStamp.ShowsNat(request, transaction.Flow),
        };
        dialog.Note(request);
        dialog.Follow(transaction);
        return dialog;
    }

    /// <summary>
    /// The dialog a response to our INVITE creates (section 12.1.2). Null when it has no To tag; a missing Contact falls back
    /// to the request's own target, as peers that forget it in 1xx are common.
    /// </summary>
    public static Dialog? FromOutgoing(ClientTransaction transaction, SipResponse response)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        ArgumentNullException.ThrowIfNull(response);
        var request = transaction.Request;
        if (response.To.Tag is not { } remoteTag || response.Status == 100) return null;
        var target = response.Contact?.Uri ?? request.Uri;
        var local = request.Contact?.Uri ?? request.From.Uri;
        var id = new DialogId(request.CallId, request.From.Tag ?? "", remoteTag);
        var dialog = new Dialog(id, request.From, response.To, local, target, ReversedRoutes(response), transaction.Flow)
        {
            _localSequence = request.CSeq.Number,
            OwnsCallId = true,
            IsBehindNat = DialogRoute.WasReachedElsewhere(request, transaction.Flow, target),
            _state = response.IsSuccess ? DialogState.Confirmed : DialogState.Early,
            _open = response.IsSuccess ? OpenExchanges.None : ExchangeRules.OpenedByUs(SipMethod.Invite, !request.Body.IsEmpty),
        };
        dialog.Note(response);
        return dialog;
    }

    /// <summary>
    /// A request within the dialog (section 12.2.1.1), with the next CSeq (an ACK and a CANCEL take another way), Route headers
    /// for loose and for strict routers, our Contact where the method refreshes targets.
    /// </summary>
    public SipRequest CreateRequest(SipMethod method) => Build(method, Interlocked.Increment(ref _localSequence));

    /// <summary>The next local CSeq number, for a request of this dialog that is sent again with credentials.</summary>
    internal uint NextSequence() => Interlocked.Increment(ref _localSequence);

    /// <summary>The ACK of a success of our (re-)INVITE: its CSeq number, the dialog's route set (section 13.2.2.4).</summary>
    public SipRequest CreateAck(SipRequest invite)
    {
        ArgumentNullException.ThrowIfNull(invite);
        return Build(SipMethod.Ack, invite.CSeq.Number);
    }

    /// <summary>Confirms: our success was sent, or theirs came. A success of theirs also fixes route set and target.</summary>
    public void Confirm(SipResponse? success = null)
    {
        if (_state == DialogState.Terminated) return;
        if (success is not null && _state == DialogState.Early) _routes = ReversedRoutes(success); // Section 13.2.2.4.
        if (success is not null) Refresh(success);
        _state = DialogState.Confirmed;
    }

    /// <summary>Takes over the Contact of a target refresh: INVITE or UPDATE of the peer, or their success to ours (section 12.2).</summary>
    public void Refresh(SipMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (message.Contact is { } contact) _remoteTarget = contact.Uri;
        Note(message);
    }

    /// <summary>Whether a request that may carry an offer can be sent now.</summary>
    public bool MaySend(SipMethod method, bool hasOffer) => ExchangeRules.MaySend(_open, method, hasOffer);

    internal void Begin(OpenExchanges what) => _open |= what;

    internal void End(OpenExchanges what) => _open &= ~what;

    /// <summary>Opens what the peer's request opens, and closes it with our final response, or with the answer to an offer in that.</summary>
    internal void Follow(ServerTransaction transaction)
    {
        var request = transaction.Request;
        var opened = ExchangeRules.OpenedByPeer(request.Method, !request.Body.IsEmpty);
        Begin(opened);
        transaction.Offering = () => Begin(OpenExchanges.OurOffer);
        transaction.Answering = response =>
        {
            End(opened);
            (transaction.Layer.User as SipEndpoint)?.Sessions?.Answer(this, request, response);
            if (request.Method != SipMethod.Invite || !response.IsSuccess) return;
            var offered = request.Body.IsEmpty && !response.Body.IsEmpty ? OpenExchanges.OurOffer : OpenExchanges.None;
            Begin(OpenExchanges.Unacknowledged | offered);
            transaction.Settled = () => End(OpenExchanges.Unacknowledged | offered);
        };
    }

    // What a message leaves unsaid stays as it was.
    private void Note(SipMessage message)
    {
        if (!message.Headers.Contains(HeaderName.Allow)) return;
        _peerAllowsUpdate = message.Headers.HasToken(HeaderName.Allow, SipMethod.Update.Name);
        _peerRefusesInfo = !message.Headers.HasToken(HeaderName.Allow, SipMethod.Info.Name);
    }

    public void Terminate()
    {
        _state = DialogState.Terminated;
        Session?.Stop();
    }

    /// <summary>Has <see cref="IDialogUser.OnSessionDue"/> called once more.</summary>
    public void RefreshAgain(TimeSpan after) => Session?.Again(after);

    /// <summary>Section 12.2.2: a CSeq lower than the last one is out of order and gets 500. Equal is only seen after a repeat.</summary>
    internal bool AcceptSequence(SipRequest request)
    {
        if (request.CSeq.Number <= _remoteSequence) return false;
        _remoteSequence = request.CSeq.Number;
        return true;
    }

    private SipRequest Build(SipMethod method, uint sequence)
    {
        var headers = new SipHeaders(12);
        var uri = AddRoutes(headers);
        headers.Add(HeaderName.MaxForwards, "70");
        headers.Add(HeaderName.From, Local.ToString());
        headers.Add(HeaderName.To, Remote.ToString());
        headers.Add(HeaderName.CallId, _callId);
        headers.Add(HeaderName.CSeq, new CSeq(sequence, method).ToString());
        if (method != SipMethod.Bye && method != SipMethod.Ack && method != SipMethod.Info)
            headers.Add(HeaderName.Contact, $"<{LocalContact}>");
        return new SipRequest(method, uri, headers) { NextHop = _routes is [{ Uri.IsLooseRouter: false }, ..] ? uri : null };
    }

    // Section 12.2.1.1: with a strict router first, it becomes the request line and the target goes to the end of the route.
    private SipUri AddRoutes(SipHeaders headers)
    {
        var routes = _routes;
        if (routes.Count == 0) return _remoteTarget.ForRequestLine();
        var strict = !routes[0].Uri.IsLooseRouter;
        for (var i = strict ? 1 : 0; i < routes.Count; i++) headers.Add(HeaderName.Route, routes[i].ToString());
        if (!strict) return _remoteTarget.ForRequestLine();
        headers.Add(HeaderName.Route, $"<{_remoteTarget}>");
        return routes[0].Uri.ForRequestLine();
    }

    private static List<NameAddress>? HeaderRoutes(SipMessage message) =>
        Parsing.HeaderReader.Addresses(message.Headers, HeaderName.RecordRoute);

    private static List<NameAddress> ReversedRoutes(SipResponse response)
    {
        var routes = HeaderRoutes(response) ?? [];
        routes.Reverse();
        return routes;
    }
}
