using ClickToDial.Contracts.Calls;
using ClickToDial.Media.Sdp;
using ClickToDial.Sip.Dialogs;
using ClickToDial.Sip.Endpoint;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transactions;
using ClickToDial.Sip.Transport;

namespace ClickToDial.Calls.Legs;

/// <summary>The leg of a device that dialled. It is answered only when the far end answers.</summary>
internal sealed class IncomingLeg : SipLeg
{
    private readonly ServerTransaction _transaction;
    private readonly SipUri _contact;

    /// <summary>Made on the stack's loop, while the request is delivered.</summary>
    public IncomingLeg(LegContext context, ILegOwner owner, string id, ServerTransaction transaction, SipUri contact)
        : base(context, owner, id, LegRole.User)
    {
        _transaction = transaction;
        _contact = contact;
        transaction.Cancelled = _ => HangUp();
        transaction.Failed = _ => Lost();
    }

    /// <summary>The caller's SDP; empty when it wants us to offer.</summary>
    public ReadOnlyMemory<byte> Offer => _transaction.Request.Body;

    /// <summary>Where the device is registered from now; null when it dials without having registered.</summary>
    public Func<SipFlow?>? Registered { get; init; }

    protected override bool OwnsCallId => false;

    public override void Start()
    {
    }

    /// <summary>180: it rings at the far end.</summary>
    public void Ring() => Respond(180, null);

    /// <summary>183 with our answer: the far end already sends sound.</summary>
    public void Progress(byte[] answer) => Respond(183, answer);

    /// <summary>200 with our answer.</summary>
    public void Accept(byte[] answer) => Endpoint.Post(() =>
    {
        if (Finished || Dialog is not null) return;
        if (Dialog.FromIncoming(_transaction, _contact) is not { } dialog)
        {
            Finished = true;
            _transaction.Respond(400, "Missing Contact");
            Tell(LegNews.HungUp.Instance);
            return;
        }
        dialog.User = this;
        dialog.Registered = Registered;
        Dialog = dialog;
        Endpoint.Dialogs.Add(dialog);
        _transaction.Respond(WithBody(200, answer));
        dialog.Confirm();
    });

    public override void End(int status, HangUpReason reason)
    {
        Farewells.Begin(); // Counted before the stack's loop has come to it.
        Endpoint.Post(() =>
        {
            if (Dialog is not null) SendBye(reason);
            else if (!Finished) Refuse(status, reason);
            Farewells.End();
        });
    }

    private void Refuse(int status, HangUpReason reason)
    {
        Finished = true;
        var response = _transaction.CreateResponse(status);
        response.Headers.Add(HeaderName.Reason, reason.ToString());
        _transaction.Respond(response);
    }

    private void Respond(int status, byte[]? answer) => Endpoint.Post(() =>
    {
        if (!Finished && Dialog is null) _transaction.Respond(WithBody(status, answer));
    });

    private SipResponse WithBody(int status, byte[]? body)
    {
        var response = _transaction.CreateResponse(status);
        response.Headers.Add(HeaderName.Contact, $"<{_contact}>");
        if (body is not null) response.SetBody(body, SessionDescription.ContentType);
        return response;
    }

    private void HangUp()
    {
        if (Finished) return;
        Finished = true;
        Tell(LegNews.HungUp.Instance);
    }

    // RFC 3261 section 13.3.1.4: no ACK came for our success, so the dialog is ended by a BYE.
    private void Lost()
    {
        if (Finished) return;
        SendBye(new HangUpReason(408, CallReasons.InternalError));
        Finished = true;
        Tell(LegNews.HungUp.Instance);
    }
}
