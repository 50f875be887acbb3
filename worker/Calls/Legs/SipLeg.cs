using System.Globalization;
using ClickToDial.Contracts.Calls;
using ClickToDial.Media.Sdp;
using ClickToDial.Sip.Authentication;
using ClickToDial.Sip.Dialogs;
using ClickToDial.Sip.Endpoint;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transactions;

namespace ClickToDial.Calls.Legs;

/// <summary>
/// What outgoing and incoming legs have in common: what happens within the dialog. Signalling state belongs to the stack's
/// loop; the call's loop gets to it by posting.
/// </summary>
internal abstract class SipLeg(LegContext context, ILegOwner owner, string id, LegRole role) : Leg(id, role), IDialogUser
{
    private const int UnsupportedMediaType = 415;
    private const int RequestPending = 491;
    private const int MaxGlares = 5;
    private const string DtmfRelay = "application/dtmf-relay";
    private const string Dtmf = "application/dtmf";

    // A peer that says 100 to a new offer and then nothing would otherwise hold it open for ever.
    private static readonly TimeSpan ReofferLimit = TimeSpan.FromSeconds(10);

    private bool _theyOffer;
    private bool _weOffer;
    private int _glares;
    private ITimer? _retry;

    protected SipEndpoint Endpoint => Context.Endpoint;

    protected Farewells Farewells => context.Farewells;

    private LegContext Context => context;

    /// <summary>The account that the peer may ask for, in the dialog too; null where there is none.</summary>
    protected DigestClient? Credentials { get; init; }

    /// <summary>True when the Call-ID is ours; it decides who tries again first after both have offered at once.</summary>
    protected abstract bool OwnsCallId { get; }

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

    public override void Reoffer(byte[] offer) => Endpoint.Post(() =>
    {
        if (Finished || Dialog is null) return;
        if (_theyOffer || _weOffer)
        {
            ReofferFailed(RequestPending);
            return;
        }
        _weOffer = true;
        new OwnReoffer(this).Start(Dialog, offer);
    });

    public override void SendKey(char key) => Endpoint.Post(() =>
    {
        if (Finished || Dialog is null) return;
        var info = Dialog.CreateRequest(SipMethod.Info);
        info.SetBody(InfoDigit.Write(key), DtmfRelay);
        Endpoint.Request(Dialog, info, _ => { }, Credentials);
    });

    protected void Tell(LegNews news) => owner.Tell(this, news);

    protected void SendBye(HangUpReason reason)
    {
        if (Finished || Dialog is null) return;
        Finished = true;
        var bye = Dialog.CreateRequest(SipMethod.Bye);
        bye.Headers.Add(HeaderName.Reason, reason.ToString());
        // Whatever comes of it, the dialog is over for us (RFC 3261 section 15.1.1).
        Farewells.Begin();
        Endpoint.Request(Dialog, bye, _ => Farewells.End(), Credentials);
        Endpoint.Dialogs.Remove(Dialog);
    }

    private void OnBye(Dialog dialog, ServerTransaction transaction)
    {
        transaction.Respond(200);
        Endpoint.Dialogs.Remove(dialog);
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
        if (Finished) transaction.Respond(481);
        else if (_theyOffer)
        {
            var later = transaction.CreateResponse(500);
            later.Headers.Add(HeaderName.RetryAfter, Context.Random.Next(0, 11).ToString(CultureInfo.InvariantCulture));
            transaction.Respond(later);
        }
        else if (_weOffer) transaction.Respond(RequestPending);
        else
        {
            _theyOffer = true;
            Tell(new LegNews.Reoffered(new TheirReoffer(this, dialog, transaction)));
        }
    }

    private void ReofferFailed(int status)
    {
        Tell(new LegNews.ReofferRefused(status));
        if (status != RequestPending || ++_glares > MaxGlares) return;
        // RFC 3261 section 14.1: the owner of the Call-ID waits 2.1 to 4 s, the other up to 2 s, in steps of 10 ms.
        var wait = 10 * (OwnsCallId ? Context.Random.Next(210, 401) : Context.Random.Next(0, 201));
        _retry?.Dispose();
        _retry = Context.Time.CreateTimer(
            _ => Tell(LegNews.MayReoffer.Instance), null, TimeSpan.FromMilliseconds(wait), Timeout.InfiniteTimeSpan);
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
        private ITimer? _limit;

        public void Start(Dialog dialog, byte[] offer)
        {
            var invite = leg.Endpoint.Reinvite(dialog, offer, SessionDescription.ContentType, this, leg.Credentials);
            _limit = leg.Context.Time.CreateTimer(_ => invite.Cancel(), null, ReofferLimit, Timeout.InfiniteTimeSpan);
        }

        public void OnProgress(OutgoingInvite invite, SipResponse response, Dialog? early)
        {
        }

        public void OnAccepted(OutgoingInvite invite, SipResponse response, Dialog dialog)
        {
            _limit?.Dispose();
            leg._weOffer = false;
            leg._glares = 0;
            leg.Tell(new LegNews.ReofferAccepted(response.Body));
        }

        public void OnFailed(OutgoingInvite invite, RequestOutcome outcome)
        {
            _limit?.Dispose();
            leg._weOffer = false;
            // RFC 3261 section 12.2.1.2: these two say that the peer has no such dialog, or is gone.
            if (outcome.Status is 408 or 481) leg.Lose();
            else leg.ReofferFailed(outcome.Status);
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
