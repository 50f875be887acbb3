using ClickToDial.Contracts.Calls;
using ClickToDial.Media.Sdp;
using ClickToDial.Sip.Dialogs;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transactions;
using ClickToDial.Sip.Transport;

namespace ClickToDial.Calls.Legs;

/// <summary>The leg of a device that dialled, or of a caller from outside. It is answered only when the far end answers.</summary>
internal sealed class IncomingLeg : SipLeg
{
    private readonly ServerTransaction _transaction;
    private readonly SipUri _contact;
    private bool _answered;
    private bool _described;

    /// <summary>Made on the stack's loop, while the request is delivered.</summary>
    public IncomingLeg(LegContext context, ILegOwner owner, string id, LegRole role, ServerTransaction transaction, SipUri contact)
        : base(context, owner, id, role)
    {
        _transaction = transaction;
        _contact = contact;
        Theirs = transaction.Request.Body;
        Family = transaction.Flow.Remote.AddressFamily;
        transaction.Cancelled = HangUp;
        transaction.Pracked = OnPracked;
        transaction.Failed = _ => Lost();
    }

    /// <summary>The caller's SDP; empty when it wants us to offer.</summary>
    public ReadOnlyMemory<byte> Offer => _transaction.Request.Body;

    /// <summary>The caller leaves the offer to us: it goes with our success, and the answer comes with its ACK (RFC 3261 section 13.2.1).</summary>
    public bool IsLate => Offer.IsEmpty;

    /// <summary>On the stack's loop: our success has been sent.</summary>
    public bool IsAnswered => _answered;

    /// <summary>Without an offer of its own it gets ours with the first provisional response, as that is sent reliably (RFC 3262 section 5).</summary>
    public bool OffersEarly => IsLate && _transaction.IsReliable;

    /// <summary>What its sound may be in; null for all that there is.</summary>
    public Func<IReadOnlyList<AudioCodec>, IReadOnlyList<AudioCodec>>? Codecs { get; init; }

    /// <summary>Where the device is registered from now; null when it dials without having registered.</summary>
    public Func<SipFlow?>? Registered { get; init; }

    public override void Start()
    {
    }

    /// <summary>180: it rings at the far end.</summary>
    /// <param name="offer">For who <see cref="OffersEarly"/>; its answer comes as news.</param>
    public void Ring(byte[]? offer = null) => Respond(180, offer);

    /// <summary>183 with our answer: the far end already sends sound.</summary>
    public void Progress(byte[] answer) => Respond(183, answer);

    /// <summary>200 with our answer, or with our offer where the caller left that to us; its answer comes as news.</summary>
    public void Accept(byte[] description) => Endpoint.Post(() =>
    {
        if (Finished || _answered) return;
        if (FindDialog() is not { } dialog)
        {
            Finished = true;
            _transaction.Respond(400, "Missing Contact");
            Tell(LegNews.HungUp.Instance);
            return;
        }
        _answered = true;
        // What was described reliably is not described again (RFC 6337 section 2.2).
        if (_described) description = [];
        else if (IsLate) _transaction.Acknowledged = ack => Tell(new LegNews.ReofferAccepted(ack.Body));
        _transaction.Respond(WithBody(200, description));
        dialog.Confirm();
    });

    public override void End(int status, HangUpReason reason)
    {
        Farewells.Begin(); // Counted before the stack's loop has come to it.
        Endpoint.Post(() =>
        {
            if (_transaction.IsAccepted) SendBye(reason);
            else if (!Finished) Refuse(status, reason); // Also while our success waits for a PRACK: nobody has heard of it.
            Farewells.End();
        });
    }

    private void Refuse(int status, HangUpReason reason)
    {
        Finish();
        var response = _transaction.CreateResponse(status);
        response.Headers.Add(HeaderName.Reason, reason.ToString());
        _transaction.Respond(response);
    }

    private void Respond(int status, byte[]? answer) => Endpoint.Post(() =>
    {
        if (Finished || _answered) return;
        FindDialog();
        _transaction.Respond(WithBody(status, answer));
        _described |= answer is { Length: > 0 } && _transaction.IsReliable;
    });

    // It is there from the first response with our tag on (RFC 3261 section 12.1.1): requests may come before the answer.
    private Dialog? FindDialog()
    {
        if (Dialog is not null) return Dialog;
        if (Dialog.FromIncoming(_transaction, _contact) is not { } dialog) return null;
        dialog.User = this;
        dialog.Registered = Registered;
        Endpoint.Dialogs.Add(dialog);
        return Dialog = dialog;
    }

    private SipResponse WithBody(int status, byte[]? body)
    {
        var response = _transaction.CreateResponse(status);
        response.Headers.Add(HeaderName.Contact, $"<{_contact}>");
        Capabilities.AddTo(response, Endpoint);
        if (body is null) return response;
        response.SetBody(body, SessionDescription.ContentType);
        if (body.Length > 0) Described = body;
        return response;
    }

    private void HangUp(SipRequest cancel)
    {
        if (Finished) return;
        Finish();
        var said = GivenReason.Of(cancel.Headers);
        Tell(new LegNews.HungUp(IsElsewhere: said?.Sip?.Cause == 200, Said: said));
    }

    // RFC 3262 section 5: the answer to our offer, or, after our answer, a new offer.
    private void OnPracked(ServerTransaction prack)
    {
        if (Finished || Dialog is not { } dialog) prack.Respond(481);
        else if (IsLate)
        {
            prack.Respond(200);
            Tell(new LegNews.ReofferAccepted(prack.Request.Body));
        }
        else OnOffer(dialog, prack);
    }

    // RFC 3261 section 13.3.1.4: no ACK came for our success, so the dialog is ended by a BYE.
    private void Lost()
    {
        if (Finished) return;
        if (_transaction.IsAccepted) SendBye(new HangUpReason(408, CallReasons.PeerLost));
        Finish();
        Tell(new LegNews.HungUp(CallReasons.PeerLost));
    }

    private void Finish()
    {
        Finished = true;
        if (Dialog is not null) Endpoint.Dialogs.Remove(Dialog);
    }
}
