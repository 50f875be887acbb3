using ClickToDial.Contracts.Calls;
using ClickToDial.Sip.Authentication;
using ClickToDial.Sip.Dialogs;
using ClickToDial.Sip.Endpoint;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transactions;
using ClickToDial.Sip.Transport;

namespace ClickToDial.Calls.Legs;

/// <summary>A leg that we ring.</summary>
/// <param name="invite">With the offer in it; null when the peer's address makes no sense.</param>
/// <param name="flow">Where it goes; null to look the next hop up.</param>
internal sealed class OutgoingLeg(
    SipEndpoint endpoint, ILegOwner owner, string id, LegRole role, SipRequest? invite, SipFlow? flow, DigestClient? credentials = null)
    : SipLeg(endpoint, owner, id, role), IInviteUser
{
    private const int Ringing = 180;

    private OutgoingInvite? _sent;

    public override void Start()
    {
        if (invite is null)
        {
            Tell(new LegNews.Failed(0));
            return;
        }
        Endpoint.Post(() =>
        {
            if (!Finished) _sent = Endpoint.Invite(invite, flow, this, credentials);
        });
    }

    public override void End(int status, HangUpReason reason) => Endpoint.Post(() =>
    {
        if (Dialog is not null) SendBye(reason);
        else
        {
            Finished = true;
            _sent?.Cancel(); // The stack acknowledges and ends an answer that comes too late.
        }
    });

    void IInviteUser.OnProgress(OutgoingInvite invite, SipResponse response, Dialog? early)
    {
        if (!response.Body.IsEmpty) Tell(new LegNews.EarlyMedia(response.Body));
        if (response.Status == Ringing) Tell(LegNews.Ringing.Instance);
    }

    void IInviteUser.OnAccepted(OutgoingInvite invite, SipResponse response, Dialog dialog)
    {
        Dialog = dialog;
        Tell(new LegNews.Answered(response.Body));
    }

    void IInviteUser.OnFailed(OutgoingInvite invite, RequestOutcome outcome)
    {
        Finished = true;
        Tell(new LegNews.Failed(outcome.Response?.Status ?? (outcome.Failure == TransactionFailure.Timeout ? 408 : 0)));
    }
}
