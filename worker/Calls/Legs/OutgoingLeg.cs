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
    LegContext context, ILegOwner owner, string id, LegRole role, SipRequest? invite, SipFlow? flow)
    : SipLeg(context, owner, id, role), IInviteUser
{
    private const int Ringing = 180;

    private OutgoingInvite? _sent;
    private ITimer? _patience;
    private bool _cancelling;
    private Dialog? _talks;
    private string? _heard;
    private Dictionary<string, (ReadOnlyMemory<byte> Answer, bool Settled)>? _early;

    /// <summary>The account at the peer; null where none is needed.</summary>
    public DigestClient? Account
    {
        get => Credentials;
        init => Credentials = value;
    }

    /// <summary>The flows that a device keeps open, the one to ring on first; none for trunks.</summary>
    public IReadOnlyList<SipTarget> Flows { get; init; } = [];

    /// <summary>Where a device is registered from now; null for trunks.</summary>
    public Func<SipFlow?>? Registered { get; init; }

    /// <summary>A target that has said nothing at all for so long is left for the next, and the last one given up as silent; null to wait as long as the stack does.</summary>
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
            _sent = Flows.Count > 0
                ? Endpoint.InviteDevice(invite, Flows, this, Credentials, Registered)
                : Endpoint.Invite(invite, flow, this, Credentials, registered: Registered);
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

    public override void OrderAnswer() => Endpoint.Post(() =>
    {
        if (Finished || Dialog is not null || _talks is not { } early) return;
        Endpoint.Request(early, RemoteControl.Talk(early), _ => { }, Credentials); // Whether it heeds it shows when it answers.
    });

    private void GiveUpSilence()
    {
        if (Finished || Dialog is not null || _sent is not { IsHeard: false } sent) return;
        if (sent.TryNextTarget())
        {
            _patience?.Change(Patience!.Value, Timeout.InfiniteTimeSpan);
            return;
        }
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
        if (!response.Body.IsEmpty && early is not null) TakeSound(early, response);
        if (early is not null && RemoteControl.IsTaken(response.Headers))
        {
            _talks = early;
            Tell(LegNews.TakesTalk.Instance);
        }
        if (response.Status == Ringing) Tell(LegNews.Ringing.Instance);
    }

    void IInviteUser.OnAccepted(OutgoingInvite invite, SipResponse response, Dialog dialog)
    {
        _patience?.Dispose();
        Dialog = dialog;
        if (_cancelling) Farewells.End();
        _cancelling = false;
        Described = invite.Request!.Body;
        var answer = Answer(dialog, response.Body);
        Theirs = answer.Answer;
        Tell(answer);
    }

    void IInviteUser.OnFailed(OutgoingInvite invite, RequestOutcome outcome)
    {
        var given = Finished;
        _patience?.Dispose();
        Finished = true;
        if (_cancelling) Farewells.End();
        _cancelling = false;
        if (!given) Tell(Failure(invite, outcome));
    }

    protected override bool IsHeard(Dialog dialog) => Dialog is not null || _heard is null || _heard == dialog.Id.RemoteTag;

    // A proxy may ring several peers for us, each a branch with its own tag. The first that sends sound is heard until one answers.
    private void TakeSound(Dialog early, SipResponse response)
    {
        var branch = early.Id.RemoteTag;
        _early ??= [];
        if (_early.TryGetValue(branch, out var before) && before.Settled) return; // RFC 3261 section 13.2.1: the first answer is the answer.
        _early[branch] = (response.Body, response.Headers.Contains(HeaderName.RSeq));
        _heard ??= branch;
        if (_heard == branch) Tell(new LegNews.EarlyMedia(response.Body));
    }

    // Who has answered reliably before the success need not do so in it again, and some take that liberty without.
    private LegNews.Answered Answer(Dialog dialog, ReadOnlyMemory<byte> body)
    {
        var branch = dialog.Id.RemoteTag;
        if (_early?.TryGetValue(branch, out var before) != true) return new LegNews.Answered(body);
        return before.Settled || body.IsEmpty
            ? new LegNews.Answered(before.Answer, before.Settled && branch == _heard)
            : new LegNews.Answered(body);
    }

    // Silence says nothing of a person: the peer is not there. Who was there and then said no more (timer C) did not answer.
    private LegNews.Failed Failure(OutgoingInvite invite, RequestOutcome outcome) =>
        outcome.Response is { } response ? new LegNews.Failed(response.Status, ReasonValue.CauseOf(response.Headers, ReasonValue.Q850))
        {
            Target = Redirect.TargetOf(response),
            From = Flows is [var first, ..] ? first.Flow.Remote.Address : null,
        }
        : new LegNews.Failed(outcome.Failure == TransactionFailure.Timeout && invite.IsHeard ? 408 : 0);
}
