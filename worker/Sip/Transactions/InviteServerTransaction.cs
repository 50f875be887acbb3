using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transport;

namespace ClickToDial.Sip.Transactions;

/// <summary>
/// Runs <see cref="InviteServerMachine"/>, and beside it what RFC 3261 section 13.3.1.4 asks of the user: a success is
/// repeated until its ACK comes, on every transport.
/// </summary>
internal sealed class InviteServerTransaction : ServerTransaction, ITimerTarget
{
    private readonly WheelTimer _trying;
    private readonly WheelTimer _unanswered;
    private WheelTimer? _repeat;
    private WheelTimer? _end;
    private InviteServerState _state = InviteServerState.Proceeding;
    private bool _acknowledged;
    private ReliableProvisionals? _reliable;

    public InviteServerTransaction(TransactionLayer layer, ServerKey key, SipRequest request, SipFlow flow)
        : base(layer, key, request, flow)
    {
        _trying = new WheelTimer(this, 'T');
        layer.Loop.Arm(_trying, layer.Timers.Trying);
        _unanswered = new WheelTimer(this, 'U');
        layer.Loop.Arm(_unanswered, layer.Timers.Unanswered);
        IsReliable = layer.Reliable is { } policy
            && (request.Headers.HasToken(HeaderName.Require, "100rel")
                || (policy == ReliablePolicy.WhenSupported && request.Headers.HasToken(HeaderName.Supported, "100rel")));
    }

    public override bool IsReliable { get; }

    /// <summary>The provisional response that this PRACK is for; null when none waits for it.</summary>
    internal SipResponse? OnPrack(ReliableAck ack) =>
        ack.Request == Request.CSeq ? _reliable?.Acknowledge(ack.Response) : null;

    /// <summary>After the PRACK was answered.</summary>
    internal void Continue() => _reliable?.Continue();

    internal AckKey? SuccessKey { get; private set; }

    internal override void OnRequest(SipRequest request) => Step(InviteServerInput.Request, null);

    /// <summary>The ACK of a failure, matched by its branch.</summary>
    internal override void OnAck(SipRequest ack) => Step(InviteServerInput.Ack, null);

    /// <summary>The ACK of a success, matched by dialog and CSeq.</summary>
    internal void OnSuccessAck(SipRequest ack)
    {
        if (_acknowledged) return;
        _acknowledged = true;
        Layer.Loop.Timers.Cancel(_repeat);
        Settled?.Invoke();
        Acknowledged?.Invoke(ack);
        var pracked = Pracked;
        LetGo();
        // The PRACK of what was not described may have crossed our success, and may hold an offer for the call.
        if (_reliable is { IsOpen: true }) Pracked = pracked;
        Layer.Settle(this);
        // To answer a PRACK takes more than this keeps.
        if (Flow.IsReliable || IsReliable || _end is null) return;
        var rest = Layer.Loop.Timers.Remaining(_end);
        Layer.Loop.Timers.Cancel(_end);
        Shrink(rest, answers: false);
    }

    /// <summary>RFC 3261 section 9.2: a CANCEL has no effect on a request that was answered.</summary>
    internal void OnCancel(SipRequest cancel)
    {
        if (IsAnswered) return;
        Give(CreateResponse(487));
        Cancelled?.Invoke(cancel);
    }

    public void OnTimer(WheelTimer timer)
    {
        switch (timer.Name)
        {
            case 'T':
                Step(InviteServerInput.TimerTrying, null);
                break;
            case 'U':
                // Its user forgot it: the caller must not wait, nor the transaction live, for ever.
                Give(CreateResponse(500, "Not Answered"));
                Failed?.Invoke(TransactionFailure.Timeout);
                break;
            case 'G':
                Layer.Loop.Arm(timer, Layer.Timers.Doubled(timer.Interval));
                Step(InviteServerInput.TimerG, null);
                break;
            case '2':
                Layer.Loop.Arm(timer, Layer.Timers.Doubled(timer.Interval));
                SendLast();
                break;
            case 'H':
                Step(InviteServerInput.TimerH, null);
                break;
            case 'I':
                Step(InviteServerInput.TimerI, null);
                break;
            default:
                Step(InviteServerInput.TimerL, null);
                if (_acknowledged) break;
                Settled?.Invoke();
                Failed?.Invoke(TransactionFailure.Timeout);
                break;
        }
    }

    private protected override void Give(SipResponse response)
    {
        if (IsAnswered || response.Status == 100 || !IsReliable) Take(response);
        else if (response.IsProvisional) (_reliable ??= OpenReliable()).Give(response);
        else if (!response.IsSuccess)
        {
            _reliable?.Stop();
            Take(response);
        }
        else if (_reliable?.HoldsBack(response) != true)
        {
            _reliable?.Succeed();
            Take(response);
        }
    }

    private ReliableProvisionals OpenReliable()
    {
        Layer.RememberReliable(this);
        // Section 7.1: any number of the lower half, so that it never wraps.
        return new ReliableProvisionals(Layer, Layer.FirstSequence(), TakeReliable, response => Resend(response), () =>
        {
            Take(CreateResponse(500, "No PRACK"));
            Failed?.Invoke(TransactionFailure.Timeout);
        });
    }

    private void TakeReliable(SipResponse response)
    {
        if (response.IsProvisional && !response.Body.IsEmpty && Request.Body.IsEmpty) Offering?.Invoke();
        Take(response);
    }

    private void Take(SipResponse response) =>
        Step(response.IsProvisional ? InviteServerInput.SendProvisional
            : response.IsSuccess ? InviteServerInput.SendSuccess : InviteServerInput.SendFailure, response);

    private void Step(InviteServerInput input, SipResponse? response)
    {
        (_state, var act) = InviteServerMachine.Step(_state, input);
        if (response is not null) Layer.Loop.Timers.Cancel(_trying);
        if (_state != InviteServerState.Proceeding) Layer.Loop.Timers.Cancel(_unanswered);
        else if (response is not null) Layer.Loop.Arm(_unanswered, Layer.Timers.Unanswered);
        var sent = true;
        if (act.HasFlag(InviteServerAction.Send)) sent = SendNew(response!);
        if (act.HasFlag(InviteServerAction.Resend)) sent = SendLast();
        if (act.HasFlag(InviteServerAction.SendTrying)) SendNew(CreateResponse(100));
        StartTimers(act);
        if (_state == InviteServerState.Terminated) Remove();
        if (act.HasFlag(InviteServerAction.ReportTimeout)) Failed?.Invoke(TransactionFailure.Timeout);
        if (act.HasFlag(InviteServerAction.ReportTransportError)) Failed?.Invoke(TransactionFailure.Transport);
        if (!sent) Step(InviteServerInput.TransportError, null);
    }

    private void StartTimers(InviteServerAction act)
    {
        var timers = Layer.Timers;
        if (act.HasFlag(InviteServerAction.StartTimersGH))
        {
            if (!Flow.IsReliable) Layer.Loop.Arm(_repeat = new WheelTimer(this, 'G'), timers.T1);
            Layer.Loop.Arm(_end = new WheelTimer(this, 'H'), timers.Lifetime);
        }
        if (act.HasFlag(InviteServerAction.StartTimerI))
        {
            Layer.Loop.Timers.Cancel(_repeat);
            Layer.Loop.Timers.Cancel(_end);
            Layer.Loop.Arm(_end = new WheelTimer(this, 'I'), timers.Linger(Flow.IsReliable));
            LetGo();
        }
        if (act.HasFlag(InviteServerAction.StartTimerL))
        {
            SuccessKey = new AckKey(Request.CallId, Last!.To.Tag, Request.From.Tag, Request.CSeq.Number);
            Layer.RememberSuccess(this);
            Layer.Loop.Arm(_repeat = new WheelTimer(this, '2'), timers.T1);
            Layer.Loop.Arm(_end = new WheelTimer(this, 'L'), timers.Lifetime);
        }
    }

    private void Remove()
    {
        Layer.Loop.Timers.Cancel(_trying);
        Layer.Loop.Timers.Cancel(_unanswered);
        Layer.Loop.Timers.Cancel(_repeat);
        Layer.Loop.Timers.Cancel(_end);
        _reliable?.Stop();
        Layer.Forget(this);
    }
}
