using ClickToDial.Contracts.Calls;
using ClickToDial.Media.Sdp;
using ClickToDial.Sip.Dialogs;
using ClickToDial.Sip.Endpoint;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transactions;

namespace ClickToDial.Calls.Legs;

/// <summary>
/// What outgoing and incoming legs have in common: what happens within the dialog. Signalling state belongs to the stack's
/// loop; the call's loop gets to it by posting.
/// </summary>
internal abstract class SipLeg(SipEndpoint endpoint, ILegOwner owner, string id, LegRole role) : Leg(id, role), IDialogUser
{
    private const int UnsupportedMediaType = 415;
    private const int RequestPending = 491;
    private const string DtmfRelay = "application/dtmf-relay";
    private const string Dtmf = "application/dtmf";

    private bool _theyOffer;
    private bool _weOffer;

    protected SipEndpoint Endpoint => endpoint;

    /// <summary>Set when the leg was answered.</summary>
    protected Dialog? Dialog { get; set; }

    /// <summary>True when the leg needs nothing more from its peer.</summary>
    protected bool Finished { get; set; }

    public void OnDialogRequest(Dialog dialog, ServerTransaction transaction)
    {
        var method = transaction.Request.Method;
        if (method == SipMethod.Bye) OnBye(dialog, transaction);
        else if (method == SipMethod.Info) OnInfo(transaction);
        else if (method == SipMethod.Invite) OnReinvite(dialog, transaction);
        else if (method == SipMethod.Options) transaction.Respond(200);
        else transaction.Respond(405);
    }

    public override void Reoffer(byte[] offer) => endpoint.Post(() =>
    {
        if (Finished || Dialog is null) return;
        if (_theyOffer)
        {
            Tell(new LegNews.ReofferRefused(RequestPending));
            return;
        }
        _weOffer = true;
        endpoint.Reinvite(Dialog, offer, SessionDescription.ContentType, new OwnReoffer(this));
    });

    protected void Tell(LegNews news) => owner.Tell(this, news);

    protected void SendBye(HangUpReason reason)
    {
        if (Finished || Dialog is null) return;
        Finished = true;
        var bye = Dialog.CreateRequest(SipMethod.Bye);
        bye.Headers.Add(HeaderName.Reason, reason.ToString());
        // Whatever comes of it, the dialog is over for us (RFC 3261 section 15.1.1).
        endpoint.Request(Dialog, bye, _ => { });
        endpoint.Dialogs.Remove(Dialog);
    }

    private void OnBye(Dialog dialog, ServerTransaction transaction)
    {
        transaction.Respond(200);
        endpoint.Dialogs.Remove(dialog);
        if (Finished) return;
        Finished = true;
        Tell(LegNews.HungUp.Instance);
    }

    private void OnInfo(ServerTransaction transaction)
    {
        var request = transaction.Request;
        if (request.Body.IsEmpty)
        {
            transaction.Respond(200); // RFC 2976 section 2.2: an INFO without a body only asks whether we are there.
            return;
        }
        var relay = request.HasContentType(DtmfRelay);
        if (!relay && !request.HasContentType(Dtmf))
        {
            transaction.Respond(UnsupportedMediaType);
            return;
        }
        transaction.Respond(200);
        if (InfoDigit.Read(request.Body.Span, relay) is { } key) Tell(new LegNews.Digit(key));
    }

    // RFC 3261 section 14.2: one offer at a time.
    private void OnReinvite(Dialog dialog, ServerTransaction transaction)
    {
        if (_weOffer || _theyOffer || Finished)
        {
            transaction.Respond(Finished ? 481 : RequestPending);
            return;
        }
        _theyOffer = true;
        Tell(new LegNews.Reoffered(new TheirReoffer(this, dialog, transaction)));
    }

    /// <summary>An offer of the peer, on its way to the call and back.</summary>
    private sealed class TheirReoffer(SipLeg leg, Dialog dialog, ServerTransaction transaction) : IReoffer
    {
        public ReadOnlyMemory<byte> Offer => transaction.Request.Body;

        public void Accept(byte[] description) => leg.Endpoint.Post(() =>
        {
            leg._theyOffer = false;
            var response = transaction.CreateResponse(200);
            response.Headers.Add(HeaderName.Contact, $"<{dialog.LocalContact}>");
            response.SetBody(description, SessionDescription.ContentType);
            // When we made the offer, the ACK has the answer.
            if (Offer.IsEmpty) transaction.Acknowledged = ack => leg.Tell(new LegNews.ReofferAccepted(ack.Body));
            transaction.Respond(response);
        });

        public void Refuse(int status) => leg.Endpoint.Post(() =>
        {
            leg._theyOffer = false;
            transaction.Respond(status);
        });
    }

    /// <summary>An offer of ours in the established dialog.</summary>
    private sealed class OwnReoffer(SipLeg leg) : IInviteUser
    {
        public void OnProgress(OutgoingInvite invite, SipResponse response, Dialog? early)
        {
        }

        public void OnAccepted(OutgoingInvite invite, SipResponse response, Dialog dialog)
        {
            leg._weOffer = false;
            leg.Tell(new LegNews.ReofferAccepted(response.Body));
        }

        public void OnFailed(OutgoingInvite invite, RequestOutcome outcome)
        {
            leg._weOffer = false;
            // RFC 3261 section 12.2.1.2: these two say that the peer has no such dialog, or is gone.
            if (outcome.Status is 408 or 481) leg.Lose();
            else leg.Tell(new LegNews.ReofferRefused(outcome.Status));
        }

        public void OnDialogRequest(Dialog dialog, ServerTransaction transaction) => leg.OnDialogRequest(dialog, transaction);
    }

    private void Lose()
    {
        if (Finished) return;
        SendBye(new HangUpReason(481, CallReasons.InternalError));
        Tell(LegNews.HungUp.Instance);
    }
}
