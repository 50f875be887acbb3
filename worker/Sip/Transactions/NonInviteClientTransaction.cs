using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transport;

namespace ClickToDial.Sip.Transactions;

/// <summary>Runs <see cref="NonInviteClientMachine"/>.</summary>
internal sealed class NonInviteClientTransaction(TransactionLayer layer, SipRequest request, SipFlow flow, IClientTransactionUser user)
    : ClientTransaction(layer, request, flow, user), ITimerTarget
{
    private WheelTimer? _resend;
    private WheelTimer? _end;
    private NonInviteClientState _state = NonInviteClientState.Trying;

    internal override void Start()
    {
        if (!Flow.IsReliable) Layer.Loop.Arm(_resend = new WheelTimer(this, 'E'), Layer.Timers.T1);
        Layer.Loop.Arm(_end = new WheelTimer(this, 'F'), Layer.Timers.Lifetime);
        if (Layer.Send(Flow, Request)) return;
        NeverLeft = true;
        Step(NonInviteClientInput.TransportError, null);
    }

    internal override void OnResponse(SipResponse response) =>
        Step(response.IsProvisional ? NonInviteClientInput.Provisional : NonInviteClientInput.Final, response);

    internal override void OnTransportError() => Step(NonInviteClientInput.TransportError, null);

    internal override void Abandon()
    {
        _state = NonInviteClientState.Terminated;
        Remove();
    }

    public void OnTimer(WheelTimer timer)
    {
        switch (timer.Name)
        {
            case 'E':
                // Section 17.1.2.2: doubling up to T2 while trying, T2 once a provisional response came.
                Layer.Loop.Arm(timer, _state == NonInviteClientState.Trying ? Layer.Timers.Doubled(timer.Interval) : Layer.Timers.T2);
                Step(NonInviteClientInput.TimerE, null);
                break;
            case 'F':
                Step(NonInviteClientInput.TimerF, null);
                break;
            default:
                Step(NonInviteClientInput.TimerK, null);
                break;
        }
    }

    private void Step(NonInviteClientInput input, SipResponse? response)
    {
        (_state, var act) = NonInviteClientMachine.Step(_state, input);
        var sent = true;
        if (act.HasFlag(NonInviteClientAction.Resend)) sent = Layer.Send(Flow, Request);
        if (act.HasFlag(NonInviteClientAction.StartTimerK))
        {
            Layer.Loop.Timers.Cancel(_resend);
            Layer.Loop.Timers.Cancel(_end);
            Layer.Loop.Arm(_end = new WheelTimer(this, 'K'), Layer.Timers.Linger(Flow.IsReliable));
        }
        if (_state == NonInviteClientState.Terminated) Remove();
        if (act.HasFlag(NonInviteClientAction.PassUp)) User.OnResponse(this, response!);
        if (act.HasFlag(NonInviteClientAction.ReportTimeout)) User.OnFailure(this, TransactionFailure.Timeout);
        if (act.HasFlag(NonInviteClientAction.ReportTransportError)) User.OnFailure(this, TransactionFailure.Transport);
        if (!sent) Step(NonInviteClientInput.TransportError, null);
    }

    private void Remove()
    {
        Layer.Loop.Timers.Cancel(_resend);
        Layer.Loop.Timers.Cancel(_end);
        Layer.Forget(this);
    }
}
