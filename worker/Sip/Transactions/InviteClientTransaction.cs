using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transport;

namespace ClickToDial.Sip.Transactions;

/// <summary>Runs <see cref="InviteClientMachine"/>; acknowledges failures itself, as section 17.1.1.3 has it.</summary>
internal sealed class InviteClientTransaction(TransactionLayer layer, SipRequest request, SipFlow flow, IClientTransactionUser user)
    : ClientTransaction(layer, request, flow, user), ITimerTarget
{
    private WheelTimer? _resend;
    private WheelTimer? _end;
    private SipRequest? _ack;
    private InviteClientState _state = InviteClientState.Calling;

    internal override void Start()
    {
        if (!Flow.IsReliable) Layer.Loop.Arm(_resend = new WheelTimer(this, 'A'), Layer.Timers.T1);
        Layer.Loop.Arm(_end = new WheelTimer(this, 'B'), Layer.Timers.Lifetime);
        if (Layer.Send(Flow, Request)) return;
        NeverLeft = true;
        Step(InviteClientInput.TransportError, null);
    }

    internal override void OnResponse(SipResponse response) =>
        Step(response.IsProvisional ? InviteClientInput.Provisional
            : response.IsSuccess ? InviteClientInput.Success : InviteClientInput.Failure, response);

    internal override void OnTransportError() => Step(InviteClientInput.TransportError, null);

    internal override void Abandon()
    {
        _state = InviteClientState.Terminated;
        Remove();
    }

    public void OnTimer(WheelTimer timer)
    {
        switch (timer.Name)
        {
            case 'A':
                // Timer A doubles without a ceiling (section 17.1.1.2): timer B ends it.
                Layer.Loop.Arm(timer, timer.Interval * 2);
                Step(InviteClientInput.TimerA, null);
                break;
            case 'B':
                Step(InviteClientInput.TimerB, null);
                break;
            case 'D':
                Step(InviteClientInput.TimerD, null);
                break;
            default:
                Step(InviteClientInput.TimerM, null);
                break;
        }
    }

    private void Step(InviteClientInput input, SipResponse? response)
    {
        (_state, var act) = InviteClientMachine.Step(_state, input);
        if (_state != InviteClientState.Calling) Layer.Loop.Timers.Cancel(_resend);
        // A provisional response ends the waiting for an answer at all; how long to ring is the user's choice.
        if (_state == InviteClientState.Proceeding) Layer.Loop.Timers.Cancel(_end);
        var sent = true;
        if (act.HasFlag(InviteClientAction.Resend)) sent = Layer.Send(Flow, Request);
        if (act.HasFlag(InviteClientAction.SendAck)) sent = Layer.Send(Flow, _ack ??= RequestFactory.AckForFailure(Request, response!));
        if (act.HasFlag(InviteClientAction.StartTimerD)) RestartEnd('D', Layer.Timers.TimerD(Flow.IsReliable));
        if (act.HasFlag(InviteClientAction.StartTimerM)) RestartEnd('M', Layer.Timers.Lifetime);
        if (_state == InviteClientState.Terminated) Remove();
        if (act.HasFlag(InviteClientAction.PassUp)) User.OnResponse(this, response!);
        if (act.HasFlag(InviteClientAction.ReportTimeout)) User.OnFailure(this, TransactionFailure.Timeout);
        // Once a final response was passed up, a lost ACK is the peer's timer to deal with, not news for the user.
        if (act.HasFlag(InviteClientAction.ReportTransportError) && _ack is null) User.OnFailure(this, TransactionFailure.Transport);
        if (!sent) Step(InviteClientInput.TransportError, null);
    }

    private void RestartEnd(char name, TimeSpan after)
    {
        Layer.Loop.Timers.Cancel(_end);
        Layer.Loop.Arm(_end = new WheelTimer(this, name), after);
    }

    private void Remove()
    {
        Layer.Loop.Timers.Cancel(_resend);
        Layer.Loop.Timers.Cancel(_end);
        Layer.Forget(this);
    }
}
