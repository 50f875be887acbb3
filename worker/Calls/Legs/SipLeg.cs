using ClickToDial.Contracts.Calls;
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
internal abstract partial class SipLeg(LegContext context, ILegOwner owner, string id, LegRole role) : Leg(id, role), IDialogUser
{
    private const int UnsupportedMediaType = 415;
    private const string DtmfRelay = "application/dtmf-relay";
    private const string Dtmf = "application/dtmf";

    protected SipEndpoint Endpoint => Context.Endpoint;

    protected Farewells Farewells => context.Farewells;

    protected TimeProvider Time => context.Time;

    private LegContext Context => context;

    /// <summary>The account that the peer may ask for, in the dialog too; null where there is none.</summary>
    protected DigestClient? Credentials { get; set; }

    /// <summary>Set when the leg was answered.</summary>
    protected Dialog? Dialog { get; set; }

    /// <summary>True when the leg needs nothing more from its peer.</summary>
    protected bool Finished { get; set; }

    public void OnDialogRequest(Dialog dialog, ServerTransaction transaction)
    {
        var method = transaction.Request.Method;
        if (method == SipMethod.Bye) OnBye(dialog, transaction);
        else if (method == SipMethod.Info) OnInfo(transaction);
        else if (method == SipMethod.Invite || method == SipMethod.Update) OnOffer(dialog, transaction);
        else if (method == SipMethod.Refer) OnRefer(dialog, transaction);
        else if (method == SipMethod.Options) transaction.Respond(200);
        else transaction.Respond(405);
    }

    public override void SendKey(char key, int milliseconds = InfoDigit.UsualMilliseconds) => Endpoint.Post(() =>
    {
        if (Finished || Dialog is null or { PeerRefusesInfo: true }) return;
        var info = Dialog.CreateRequest(SipMethod.Info);
        info.SetBody(InfoDigit.Write(key, milliseconds), DtmfRelay);
        Endpoint.Request(Dialog, info, outcome => EndIfGone(outcome), Credentials);
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

    /// <summary>RFC 3261 section 12.2.1.2: these two say that the peer has no such dialog, or is gone.</summary>
    /// <returns>True when they did, and the leg is over.</returns>
    protected bool EndIfGone(RequestOutcome outcome)
    {
        if (outcome.Status is not (408 or 481)) return false;
        Lose();
        return true;
    }

    private void OnBye(Dialog dialog, ServerTransaction transaction)
    {
        transaction.Respond(200);
        Endpoint.Dialogs.Remove(dialog);
        if (Finished) return;
        Finished = true;
        var said = GivenReason.Of(transaction.Request.Headers);
        Tell(said is null ? LegNews.HungUp.Instance : new LegNews.HungUp(Q850.IsTrouble(said.Network?.Cause) ? CallReasons.PeerLost : null, Said: said));
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
        if (InfoDigit.Read(request.Body.Span, relay, out var milliseconds) is { } key) Tell(new LegNews.Digit(key, milliseconds));
    }

    private void Lose() => EndWith(new HangUpReason(481, CallReasons.PeerLost));

    private void EndWith(HangUpReason reason)
    {
        if (Finished) return;
        End(500, reason);
        Tell(new LegNews.HungUp(reason.Text));
    }
}
