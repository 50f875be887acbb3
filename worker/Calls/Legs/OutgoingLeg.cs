using ClickToDial.Contracts.Calls;
using ClickToDial.Sip.Authentication;
using ClickToDial.Sip.Dialogs;
using ClickToDial.Sip.Endpoint;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transport;

namespace ClickToDial.Calls.Legs;

/// <summary>A leg that we ring.</summary>
/// <param name="invite">With the offer in it; null when the peer's address makes no sense.</param>
/// <param name="flow">Where it goes; null to look the next hop up.</param>
internal sealed class OutgoingLeg(
    LegContext context, ILegOwner owner, string id, LegRole role, SipRequest? invite, SipFlow? flow)
    : SipLeg(context, owner, id, role), IInviteUser
{
    private const int Ringing = 180;

    private OutgoingInvite? _sent;
    private ITimer? _patience;
    private bool _cancelling;

    /// <summary>The account at the peer; null where none is needed.</summary>
    public DigestClient? Account
    {
        get => Credentials;
        init => Credentials = value;
    }

    /// <summary>Where a device is registered from now; null for trunks.</summary>
    public Func<SipFlow?>? Registered { get; init; }

    /// <summary>A peer that has said nothing at all for so long is given up as silent; null to wait as long as the stack does.</summary>
    public TimeSpan? Patience { get; init; }

    public override void Start()
    {
        if (invite is null)
        {
            Tell(new LegNews.Failed(0));
            return;
        }
        Endpoint.Post(() =>
        {
            if (Finished) return;
            if (Patience is { } patience) _patience = Time.CreateTimer(_ => Endpoint.Post(GiveUpSilence), null, patience, Timeout.InfiniteTimeSpan);
            _sent = Endpoint.Invite(invite, flow, this, Credentials, registered: Registered);
        });
    }

    public override void End(int status, HangUpReason reason)
    {
        Farewells.Begin(); // Counted before the stack's loop has come to it.
        Endpoint.Post(() =>
        {
            if (Dialog is not null) SendBye(reason);
            else if (!Finished)
            {
                Finished = true;
                if (_sent is not null) Cancel(_sent, reason);
            }
            Farewells.End();
        });
    }

    private void GiveUpSilence()
    {
        if (Finished || Dialog is not null || _sent is not { IsHeard: false } sent) return;
        Finished = true;
        Cancel(sent, new HangUpReason(408, "no-response"));
        Tell(new LegNews.Failed(0));
    }

    private void Cancel(OutgoingInvite sent, HangUpReason reason)
    {
        _cancelling = true;
        Farewells.Begin();
        sent.Cancel(reason.ToString()); // The stack acknowledges and ends an answer that comes too late.
    }

    void IInviteUser.OnProgress(OutgoingInvite invite, SipResponse response, Dialog? early)
    {
        if (!response.Body.IsEmpty) Tell(new LegNews.EarlyMedia(response.Body));
        if (response.Status == Ringing) Tell(LegNews.Ringing.Instance);
    }

    void IInviteUser.OnAccepted(OutgoingInvite invite, SipResponse response, Dialog dialog)
    {
        _patience?.Dispose();
        Dialog = dialog;
        if (_cancelling) Farewells.End();
        _cancelling = false;
        Tell(new LegNews.Answered(response.Body));
    }

    void IInviteUser.OnFailed(OutgoingInvite invite, RequestOutcome outcome)
    {
        var given = Finished;
        _patience?.Dispose();
        Finished = true;
        if (_cancelling) Farewells.End();
        _cancelling = false;
        if (!given) Tell(new LegNews.Failed(outcome.Response?.Status ?? 0)); // Silence says nothing of a person: the peer is not there.
    }
}
