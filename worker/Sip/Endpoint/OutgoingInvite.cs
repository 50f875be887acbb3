using ClickToDial.Sip.Authentication;
using ClickToDial.Sip.Dialogs;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transactions;
using ClickToDial.Sip.Transport;

namespace ClickToDial.Sip.Endpoint;

/// <summary>Hears what becomes of an INVITE of ours. Called on the stack loop: must not block.</summary>
public interface IInviteUser : IDialogUser
{
    /// <summary>A provisional response above 100. Each branch of a fork has an early dialog of its own; null without a To tag.</summary>
    void OnProgress(OutgoingInvite invite, SipResponse response, Dialog? early);

    /// <summary>The first success. It is acknowledged already, unless the invite was made with <see cref="OutgoingInvite.ManualAck"/>.</summary>
    void OnAccepted(OutgoingInvite invite, SipResponse response, Dialog dialog);

    /// <summary>The end without success: a final response, or a failure; exactly one of them.</summary>
    void OnFailed(OutgoingInvite invite, RequestOutcome outcome);
}

/// <summary>
/// One INVITE of ours with all that RFC 3261 section 13.2 asks of its sender: an early dialog per To tag, ACK and repeated
/// ACK of a success, CANCEL only after a provisional response, ACK and BYE for a success that nobody wants any more (another
/// branch, or too late after CANCEL), one answer to a challenge. Serves re-INVITEs too. Exactly one of OnAccepted and
/// OnFailed is called, once.
/// </summary>
public sealed partial class OutgoingInvite : IClientTransactionUser, ITimerTarget
{
    private const int MaxChallenges = 3;

    // Of one fork. Each costs a dialog, and a peer can make up tags without end.
    internal const int MaxBranches = 32;

    private readonly SipEndpoint _endpoint;
    private IInviteUser? _user; // Until the end; afterwards only repeated answers are acknowledged.
    private readonly DigestClient? _credentials;
    private readonly Dialog? _existing;
    private readonly Dictionary<string, Dialog> _early = [];
    private readonly Dictionary<string, (SipRequest Ack, Dialog Dialog)> _acks = [];
    private ClientTransaction? _transaction;
    private TargetWalk? _walk;
    private WheelTimer? _cancelLimit;
    private int _challenges;
    private bool _provisional;
    private bool _cancelWanted;
    private bool _cancelSent;
    private string? _reason;
    private bool _ended;
    private bool _lookingUp;
    private OpenExchanges _opened;
    private string? _accepted;
    private RequestSpan _span;
    private WheelTimer? _ringLimit;
    private ReliableResponses _reliable = new();
    private Dictionary<string, uint>? _pracks; // Of the branches whose offer the user has to answer.

    internal OutgoingInvite(SipEndpoint endpoint, IInviteUser user, DigestClient? credentials, Dialog? existing)
    {
        _endpoint = endpoint;
        _user = user;
        _credentials = credentials;
        _existing = existing;
    }

    /// <summary>The user sends the ACK by <see cref="Acknowledge"/>, because it holds the answer to a late offer.</summary>
    public bool ManualAck { get; init; }

    /// <summary>The peer has answered something, if only 100.</summary>
    public bool IsHeard { get; private set; }

    /// <summary>The INVITE as last sent; null before it left.</summary>
    public SipRequest? Request => _transaction?.Request;

    /// <summary>Gives up: CANCEL now, or as soon as a provisional response allows it (section 9.1). Any thread, any time.</summary>
    /// <param name="reason">Value of a Reason header for the CANCEL (RFC 3326), and for the BYE of an answer that came too late.</param>
    public void Cancel(string? reason = null) => _endpoint.Post(() =>
    {
        if (_ended || _cancelWanted) return;
        _cancelWanted = true;
        _reason = reason;
        if (_provisional) SendCancel();
        else if (_lookingUp) End(new RequestOutcome(null, TransactionFailure.Cancelled));
    });

    /// <summary>
    /// On the stack's loop: leaves a target that has said nothing at all for the next one that its name stands for (RFC 3263
    /// section 4.3). What it says after all is undone. False when there is no next, or something was heard.
    /// </summary>
    public bool TryNextTarget() => !IsHeard && !_ended && !_cancelWanted && _walk?.LeaveSilent() == true;

    /// <summary>Where the phone is registered from now, asked for each request of the dialogs; null when it has no registration.</summary>
    internal Func<SipFlow?>? Registered { get; init; }

    /// <summary>Begins with the newest of several flows that one device opened.</summary>
    internal void Start(SipRequest request, IReadOnlyList<SipTarget> flows)
    {
        _span = RequestSpan.Begin(SipMethod.Invite);
        _opened = ExchangeRules.OpenedByUs(SipMethod.Invite, !request.Body.IsEmpty);
        _endpoint.Sessions?.Prepare(request, _existing);
        _endpoint.Send(request, flows, this);
    }

    internal void Start(SipRequest request, SipFlow? flow)
    {
        _lookingUp = flow is null;
        _span = RequestSpan.Begin(SipMethod.Invite);
        _opened = ExchangeRules.OpenedByUs(SipMethod.Invite, !request.Body.IsEmpty);
        _endpoint.Sessions?.Prepare(request, _existing);
        if (_existing is not null) _endpoint.Post(() => _existing.Begin(_opened));
        _endpoint.Send(request, flow, this);
    }

    // An INVITE that was given up while its next hop was looked up never leaves.
    void IClientTransactionUser.OnWalk(TargetWalk walk) => _walk = walk;

    bool IClientTransactionUser.MayStart()
    {
        _lookingUp = false;
        return !_cancelWanted;
    }

    void IClientTransactionUser.OnResponse(ClientTransaction transaction, SipResponse response)
    {
        _transaction = transaction;
        IsHeard = true;
        if (response.IsProvisional) OnProvisional(response);
        else if (response.IsSuccess) OnSuccess(response);
        else OnRefused(response);
    }

    void IClientTransactionUser.OnFailure(ClientTransaction? transaction, TransactionFailure failure) =>
        End(new RequestOutcome(null, failure));

    bool IClientTransactionUser.TriesNextTarget()
    {
        if (_cancelWanted || _early.Count > 0) return false;
        _provisional = false; // The next target must be heard before it may be cancelled.
        return true;
    }

    // Section 9.1: when the INVITE is not answered within 64*T1 after its CANCEL, it counts as cancelled.
    void ITimerTarget.OnTimer(WheelTimer timer)
    {
        if (timer == _ringLimit)
        {
            OnRingLimit();
            return;
        }
        _transaction?.Abandon();
        End(new RequestOutcome(null, TransactionFailure.Cancelled));
    }

    private void OnProvisional(SipResponse response)
    {
        if (_ended) return;
        _provisional = true;
        if (_cancelWanted)
        {
            SendCancel();
            return;
        }
        // Timer C: 100 begins it, the others begin it anew.
        if (response.Status > 100 || _ringLimit is null) _endpoint.Loop.Arm(_ringLimit ??= new WheelTimer(this, 'N'), _endpoint.Timers.TimerC);
        if (response.Status == 100 || IsBranchTooMany(response)) return;
        var order = _reliable.Take(response, out var sequence);
        if (order == ProvisionalOrder.Ignored) return;
        var early = EarlyDialog(response);
        if (order == ProvisionalOrder.Next && early is not null) Acknowledge(response, early, sequence);
        _user!.OnProgress(this, response, early);
    }

    // RFC 3261 section 16.8, timer C: whoever says no more is given up. An answer that comes after all is acknowledged and ended.
    private void OnRingLimit()
    {
        if (_ended || _cancelWanted) return;
        _cancelWanted = true;
        SendCancel();
        End(new RequestOutcome(null, TransactionFailure.Timeout));
    }

    private bool IsBranchTooMany(SipResponse response) =>
        _existing is null && response.To.Tag is { } tag && !_early.ContainsKey(tag) && _early.Count >= MaxBranches;

    private Dialog? EarlyDialog(SipResponse response)
    {
        if (_existing is not null) return _existing;
        if (response.To.Tag is not { } tag) return null;
        if (_early.TryGetValue(tag, out var known))
        {
            known.Refresh(response);
            return known;
        }
        if (Dialog.FromOutgoing(_transaction!, response) is not { } early) return null;
        early.User = _user;
        early.Registered = Registered;
        _early[tag] = early;
        _endpoint.Dialogs.Add(early);
        return early;
    }

    private void OnSuccess(SipResponse response)
    {
        var tag = response.To.Tag ?? "";
        if (_acks.TryGetValue(tag, out var repeated))
        {
            SendAgain(repeated.Ack, repeated.Dialog, again: true);
            return;
        }
        if (_acks.Count >= MaxBranches) return;
        if (tag == _accepted) return; // Its ACK waits for the user's answer to the offer in it.
        if (Confirmed(response, tag) is not { } dialog) return;
        if (_ended || _cancelWanted || dialog.State == DialogState.Terminated)
        {
            EndUnwanted(dialog);
            return;
        }
        _ended = true;
        _span.End(response.Status);
        _accepted = tag;
        _endpoint.Loop.Timers.Cancel(_ringLimit);
        dialog.End(_opened);
        _endpoint.Sessions?.OnSuccess(dialog, _transaction!.Request, response);
        DropEarly(except: tag);
        if (!ManualAck) SendAck(dialog, default, null);
        Release()!.OnAccepted(this, response, dialog);
    }

    private Dialog? Confirmed(SipResponse response, string tag)
    {
        if (_existing is not null)
        {
            _existing.Confirm(response);
            return _existing;
        }
        if (_early.Remove(tag, out var dialog))
        {
            dialog.Confirm(response);
            return dialog;
        }
        dialog = Dialog.FromOutgoing(_transaction!, response);
        if (dialog is null) return null;
        dialog.User = _user;
        dialog.Registered = Registered;
        _endpoint.Dialogs.Add(dialog);
        return dialog;
    }

    // Section 13.2.2.4: a success must be acknowledged even when nobody wants the call: then it is ended at once.
    private void EndUnwanted(Dialog dialog)
    {
        var late = !_ended;
        Transport.SipLog.LateSuccess(_endpoint.Logger, dialog.Flow);
        if (!_acks.ContainsKey(dialog.Id.RemoteTag)) SendAck(dialog, default, null);
        if (_existing is null)
        {
            var bye = dialog.CreateRequest(SipMethod.Bye);
            if (_reason is not null) bye.Headers.Add(HeaderName.Reason, _reason);
            _endpoint.Request(dialog, bye, _ => { }, _credentials);
            _endpoint.Dialogs.Remove(dialog);
        }
        if (late) End(new RequestOutcome(null, TransactionFailure.Cancelled));
    }

    private void OnRefused(SipResponse response)
    {
        if (_ended) return;
        if (!_cancelWanted && _challenges++ < MaxChallenges
            && Retry.After(_transaction!.Request, response, _credentials, _existing, _endpoint) is { } again)
        {
            _provisional = false;
            _endpoint.Loop.Timers.Cancel(_ringLimit);
            DropEarly(except: null);
            // The peer's numbers begin anew with each INVITE, also under a tag that it keeps (RFC 3262 section 3).
            (_reliable, _pracks) = (new ReliableResponses(), null);
            _endpoint.SendAgain(again, _transaction, this);
            return;
        }
        End(new RequestOutcome(response, null));
    }

    private void End(RequestOutcome outcome)
    {
        if (_ended) return;
        _ended = true;
        _span.End(outcome.Status);
        _existing?.End(_opened);
        _endpoint.Loop.Timers.Cancel(_ringLimit);
        if (outcome.Failure != TransactionFailure.Timeout) _endpoint.Loop.Timers.Cancel(_cancelLimit);
        DropEarly(except: null);
        Release()!.OnFailed(this, outcome);
    }

    private IInviteUser? Release()
    {
        var user = _user;
        _user = null;
        return user;
    }

    private void DropEarly(string? except)
    {
        foreach (var (tag, dialog) in _early)
            if (tag != except) _endpoint.Dialogs.Remove(dialog);
        _early.Clear();
    }

    private void SendCancel()
    {
        if (_cancelSent) return;
        _cancelSent = true;
        _endpoint.Loop.Arm(_cancelLimit = new WheelTimer(this, 'C'), _endpoint.Timers.Lifetime);
        var cancel = RequestFactory.Cancel(_transaction!.Request);
        if (_reason is not null) cancel.Headers.Add(HeaderName.Reason, _reason);
        _endpoint.Layer.StartClient(cancel, _transaction.Flow, new IgnoredAnswers());
    }
}
