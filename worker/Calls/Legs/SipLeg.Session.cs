using ClickToDial.Contracts.Calls;
using ClickToDial.Media.Sdp;
using ClickToDial.Sip.Dialogs;
using ClickToDial.Sip.Endpoint;
using ClickToDial.Sip.Messages;

namespace ClickToDial.Calls.Legs;

/// <summary>Keeping the session alive (RFC 4028). The stack keeps the time and writes the headers.</summary>
internal abstract partial class SipLeg
{
    // After a refusal that says nothing about the dialog (section 10 leaves the time open).
    private static readonly TimeSpan RefreshPause = TimeSpan.FromSeconds(5);

    /// <summary>Our description as the peer last agreed to it.</summary>
    protected ReadOnlyMemory<byte> Described { get; set; }

    /// <summary>The peer's last description.</summary>
    protected ReadOnlyMemory<byte> Theirs { get; set; }

    public void OnSessionDue(Dialog dialog)
    {
        if (Finished || dialog != Dialog) return;
        var update = dialog.PeerAllowsUpdate;
        if (!dialog.MaySend(update ? SipMethod.Update : SipMethod.Invite, hasOffer: !update)) RefreshLater(RequestPending);
        else if (update) RefreshByUpdate(dialog);
        else if (!MayCarry(Described)) RefreshLater(NotAcceptableHere);
        else new Refresh(this).Start(dialog);
    }

    public void OnSessionExpired(Dialog dialog)
    {
        if (Finished || dialog != Dialog) return;
        EndWith(new HangUpReason(408, CallReasons.SessionExpired));
    }

    private void RefreshByUpdate(Dialog dialog)
    {
        var update = dialog.CreateRequest(SipMethod.Update);
        Capabilities.AddTo(update, Endpoint);
        Endpoint.Request(dialog, update, outcome =>
        {
            if (!outcome.IsSuccess && !EndIfGone(outcome)) RefreshLater(outcome.Status);
        }, Credentials);
    }

    private void RefreshLater(int status)
    {
        if (!Finished) Dialog?.RefreshAgain(status == RequestPending ? GlareWait.Next(Dialog.OwnsCallId, Context.Random) : RefreshPause);
    }

    /// <summary>A re-INVITE that changes nothing: the description goes as it was, with its version (section 7.4).</summary>
    private sealed class Refresh(SipLeg leg) : IInviteUser
    {
        private ITimer? _limit;

        public void Start(Dialog dialog)
        {
            var invite = leg.Endpoint.Reinvite(dialog, leg.Described, SessionDescription.ContentType, this, leg.Credentials);
            _limit = leg.Context.Time.CreateTimer(_ => invite.Cancel(), null, ReofferLimit, Timeout.InfiniteTimeSpan);
        }

        public void OnProgress(OutgoingInvite invite, SipResponse response, Dialog? early)
        {
        }

        // The peer may have moved all the same.
        public void OnAccepted(OutgoingInvite invite, SipResponse response, Dialog dialog)
        {
            _limit?.Dispose();
            if (response.Body.IsEmpty || SdpText.SaySame(leg.Theirs.Span, response.Body.Span)) return;
            leg.Theirs = response.Body;
            leg.Tell(new LegNews.ReofferAccepted(response.Body));
        }

        public void OnFailed(OutgoingInvite invite, RequestOutcome outcome)
        {
            _limit?.Dispose();
            if (!leg.EndIfGone(outcome)) leg.RefreshLater(outcome.Status);
        }

        public void OnDialogRequest(Dialog dialog, Sip.Transactions.ServerTransaction transaction) => leg.OnDialogRequest(dialog, transaction);
    }
}
