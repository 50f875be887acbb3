using ClickToDial.Media.Sdp;
using ClickToDial.Media.Srtp;
using ClickToDial.Sip.Dialogs;
using ClickToDial.Sip.Endpoint;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transactions;

namespace ClickToDial.Calls.Legs;

/// <summary>Offers and answers after the first. That they come one at a time is seen to by the stack.</summary>
internal abstract partial class SipLeg
{
    private const int NotAcceptableHere = 488;
    private const int RequestPending = 491;
    private const int MaxGlares = 5;

    // A peer that says 100 to a new offer and then nothing would otherwise hold it open for ever.
    private static readonly TimeSpan ReofferLimit = TimeSpan.FromSeconds(10);

    private readonly Pace _pace = new(burst: 20, perSecond: 2);
    private int _glares;
    private ITimer? _retry;

    public override void Reoffer(byte[] offer) => Endpoint.Post(() =>
    {
        if (Finished || Dialog is null) return;
        // RFC 3311 section 5.1: before the answer only UPDATE may offer; afterwards INVITE, as it leaves a person time to agree.
        var method = Dialog.State == DialogState.Early ? SipMethod.Update : SipMethod.Invite;
        if (!Dialog.MaySend(method, hasOffer: true)) ReofferFailed(RequestPending);
        else if (!MayCarry(offer)) ReofferFailed(NotAcceptableHere);
        else if (method == SipMethod.Invite) new OwnReoffer(this).Start(Dialog, offer);
        else if (Dialog.PeerAllowsUpdate) OfferByUpdate(Dialog, offer);
        else ReofferFailed(405);
    });

    private void OfferByUpdate(Dialog dialog, byte[] offer)
    {
        var update = dialog.CreateRequest(SipMethod.Update);
        Capabilities.AddTo(update, Endpoint);
        update.SetBody(offer, SessionDescription.ContentType);
        Endpoint.Request(dialog, update, outcome =>
        {
            if (outcome.IsSuccess) ReofferDone(offer, outcome.Response!);
            else if (!EndIfGone(outcome)) ReofferFailed(outcome.Status);
        }, Credentials);
    }

    protected void OnOffer(Dialog dialog, ServerTransaction transaction)
    {
        var theirs = new TheirReoffer(this, dialog, transaction);
        if (Finished) transaction.Respond(481);
        else if (!_pace.TryTake(Time)) RefuseForNow(transaction);
        else if (!IsHeard(dialog) && !theirs.Offer.IsEmpty) theirs.Refuse(RequestPending); // Another branch has the sound for now.
        else if (transaction.Request.Method == SipMethod.Update && theirs.Offer.IsEmpty) theirs.Accept([]);
        else if (WouldShowKeys(transaction, theirs.Offer)) theirs.Refuse(NotAcceptableHere);
        else Tell(new LegNews.Reoffered(theirs));
    }

    // A phone that began on TLS may have moved to where keys may not go.
    private bool MayCarry(ReadOnlyMemory<byte> description) => Dialog is null || Context.MayCarry(description.Span, DialogRoute.FlowOf(Dialog));

    // Our answer, or our offer where the peer makes none, would have keys of ours in it.
    private bool WouldShowKeys(ServerTransaction transaction, ReadOnlyMemory<byte> offer) =>
        Srtp != SrtpUse.None && !Context.MayCarry((offer.IsEmpty ? Described : offer).Span, transaction.Flow);

    // RFC 3261 section 14.2 has this status for what cannot be taken right now; it ends no dialog.
    private static void RefuseForNow(ServerTransaction transaction)
    {
        var response = transaction.CreateResponse(500);
        response.Headers.Add(HeaderName.RetryAfter, "5");
        transaction.Respond(response);
    }

    /// <summary>False for an early dialog of a branch whose sound is not taken.</summary>
    protected virtual bool IsHeard(Dialog dialog) => true;

    private void ReofferDone(byte[] offer, SipResponse response)
    {
        Described = offer;
        Theirs = response.Body;
        _glares = 0;
        Tell(new LegNews.ReofferAccepted(response.Body));
    }

    private void ReofferFailed(int status)
    {
        Tell(new LegNews.ReofferRefused(status));
        if (status != RequestPending || ++_glares > MaxGlares || Dialog is null) return;
        _retry?.Dispose();
        _retry = Context.Time.CreateTimer(
            _ => Tell(LegNews.MayReoffer.Instance), null, GlareWait.Next(Dialog.OwnsCallId, Context.Random), Timeout.InfiniteTimeSpan);
    }

    /// <summary>An offer of the peer, on its way to the call and back.</summary>
    private sealed class TheirReoffer(SipLeg leg, Dialog dialog, ServerTransaction transaction) : IReoffer
    {
        public ReadOnlyMemory<byte> Offer => transaction.Request.Body;

        public void Accept(byte[] description) => leg.Endpoint.Post(() =>
        {
            var response = transaction.CreateResponse(200);
            response.Headers.Add(HeaderName.Contact, $"<{dialog.LocalContact}>");
            Capabilities.AddTo(response, leg.Endpoint);
            response.SetBody(description, SessionDescription.ContentType);
            if (description.Length > 0) leg.Described = description;
            if (!Offer.IsEmpty) leg.Theirs = Offer;
            // When we made the offer, the ACK has the answer.
            if (Offer.IsEmpty && description.Length > 0) transaction.Acknowledged = ack => leg.Tell(new LegNews.ReofferAccepted(ack.Body, Asked: true));
            // RFC 3261 section 13.3.1.4: a success that is never acknowledged ends the dialog. Other requests have no ACK.
            if (transaction.Request.Method == SipMethod.Invite) transaction.Failed = _ => leg.Lose();
            transaction.Respond(response);
        });

        public void Refuse(int status) => leg.Endpoint.Post(() => transaction.Respond(status));
    }

    /// <summary>An offer of ours in the established dialog.</summary>
    private sealed class OwnReoffer(SipLeg leg) : IInviteUser
    {
        private ITimer? _limit;
        private byte[] _offer = [];

        public void Start(Dialog dialog, byte[] offer)
        {
            _offer = offer;
            var invite = leg.Endpoint.Reinvite(dialog, offer, SessionDescription.ContentType, this, leg.Credentials);
            _limit = leg.Context.Time.CreateTimer(_ => invite.Cancel(), null, ReofferLimit, Timeout.InfiniteTimeSpan);
        }

        public void OnProgress(OutgoingInvite invite, SipResponse response, Dialog? early)
        {
        }

        public void OnAccepted(OutgoingInvite invite, SipResponse response, Dialog dialog)
        {
            _limit?.Dispose();
            leg.ReofferDone(_offer, response);
        }

        public void OnFailed(OutgoingInvite invite, RequestOutcome outcome)
        {
            _limit?.Dispose();
            if (!leg.EndIfGone(outcome)) leg.ReofferFailed(outcome.Status);
        }

        public void OnDialogRequest(Dialog dialog, ServerTransaction transaction) => leg.OnDialogRequest(dialog, transaction);
    }
}
