using System.Globalization;
using ClickToDial.Sip.Dialogs;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transactions;
using ClickToDial.Sip.Transport;

namespace ClickToDial.Calls.Legs;

/// <summary>What a peer asks by REFER, and how a leg's dialog goes over to a leg of another call.</summary>
internal abstract partial class SipLeg
{
    private const string ReferSub = "Refer-Sub";

    private bool _wasReferred;

    /// <summary>Whose leg it is.</summary>
    public ILegOwner Owner => owner;

    /// <summary>On the stack's loop: the other leg's dialog is this one's from now on. False when that is over.</summary>
    protected bool TakeOver(SipLeg other)
    {
        if (other.Finished || other.Dialog is not { State: DialogState.Confirmed } dialog) return false;
        other.Finished = true;
        other.Dialog = null;
        Credentials = other.Credentials;
        dialog.User = this;
        Dialog = dialog;
        return true;
    }

    // RFC 3515 section 2.4.2: exactly one Refer-To.
    private void OnRefer(Dialog dialog, ServerTransaction transaction)
    {
        var request = transaction.Request;
        if (Finished) transaction.Respond(481);
        else if (request.Headers.GetAll(HeaderName.ReferTo) is not [var value] || !ReferTarget.TryParse(value, out var target)) transaction.Respond(400, "Bad Refer-To");
        else
        {
            var wants = request.Headers.Get(ReferSub)?.Trim().StartsWith("false", StringComparison.OrdinalIgnoreCase) is not true;
            // RFC 3515 section 2.4.6: the first one needs no id, the later ones are told apart by theirs.
            var package = _wasReferred ? string.Create(CultureInfo.InvariantCulture, $"refer;id={request.CSeq.Number}") : "refer";
            _wasReferred = true;
            Tell(new LegNews.Referred(new Referral(this, dialog, transaction, target!, wants ? package : null)));
        }
    }

    /// <summary>A REFER of the peer, and the subscription that comes with it.</summary>
    /// <param name="package">The Event of its NOTIFYs; null when it wants none (RFC 4488).</param>
    private sealed class Referral(SipLeg leg, Dialog dialog, ServerTransaction transaction, ReferTarget target, string? package) : IReferral
    {
        private const int Trying = 100;
        private const int MaxReferrer = 256;

        private bool _over;

        public ReferTarget Target => target;

        public SipFlow Flow => transaction.Flow;

        // Only what can be read is passed on, and as it was read.
        public string? ReferredBy => transaction.Request.Headers.Get(HeaderName.ReferredBy) is { Length: <= MaxReferrer } value
            && NameAddress.TryParse(value, out var referrer) ? referrer.ToString() : null;

        public void Accept() => leg.Endpoint.Post(() =>
        {
            var response = transaction.CreateResponse(package is null ? 200 : 202);
            response.Headers.Add(HeaderName.Contact, $"<{dialog.LocalContact}>");
            if (package is null) response.Headers.Add(ReferSub, "false");
            transaction.Respond(response);
            Notify(Trying); // RFC 3515 section 2.4.4: at once.
        });

        public void Refuse(int status) => leg.Endpoint.Post(() => transaction.Respond(status));

        public void Progress(int status) => leg.Endpoint.Post(() => Notify(status));

        private void Notify(int status)
        {
            if (package is null || _over || leg.Finished) return;
            _over = status >= 200;
            var notify = dialog.CreateRequest(SipMethod.Notify);
            notify.Headers.Add(HeaderName.Event, package);
            // Section 2.4.7: it is over with the final status. Until then it lasts as long as a call may ring.
            notify.Headers.Add(HeaderName.SubscriptionState, _over ? "terminated;reason=noresource" : "active;expires=180");
            notify.SetBody(SipFragment.Write(status), SipFragment.ContentType);
            // Whatever it says to that: who cannot follow the transfer is transferred all the same.
            leg.Endpoint.Request(dialog, notify, _ => { }, leg.Credentials);
        }
    }
}
