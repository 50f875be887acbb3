using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transport;

namespace ClickToDial.Sip.Transactions;

/// <summary>Runs <see cref="NonInviteServerMachine"/>. A user that never answers is dropped after 64*T1.</summary>
internal sealed class NonInviteServerTransaction : ServerTransaction, ITimerTarget
{
    private readonly WheelTimer _end;
    private NonInviteServerState _state = NonInviteServerState.Trying;

    public NonInviteServerTransaction(TransactionLayer layer, ServerKey key, SipRequest request, SipFlow flow)
        : base(layer, key, request, flow)
    {
        _end = new WheelTimer(this, 'J');
        layer.Loop.Arm(_end, layer.Timers.Lifetime);
    }

    internal override void OnRequest(SipRequest request) => Step(NonInviteServerInput.Request, null);

    public void OnTimer(WheelTimer timer)
    {
        if (_state == NonInviteServerState.Completed) Step(NonInviteServerInput.TimerJ, null);
        else Layer.Forget(this);
    }

    private protected override void Give(SipResponse response) =>
        Step(response.IsProvisional ? NonInviteServerInput.SendProvisional : NonInviteServerInput.SendFinal, response);

    private void Step(NonInviteServerInput input, SipResponse? response)
    {
        (_state, var act) = NonInviteServerMachine.Step(_state, input);
        var sent = true;
        if (act.HasFlag(NonInviteServerAction.Send)) sent = SendNew(response!);
        if (act.HasFlag(NonInviteServerAction.Resend)) sent = SendLast();
        if (act.HasFlag(NonInviteServerAction.StartTimerJ)) Complete(sent);
        if (_state == NonInviteServerState.Terminated)
        {
            Layer.Loop.Timers.Cancel(_end);
            Layer.Forget(this);
        }
        if (act.HasFlag(NonInviteServerAction.ReportTransportError)) Failed?.Invoke(TransactionFailure.Transport);
        if (!sent) Step(NonInviteServerInput.TransportError, null);
    }

    private void Complete(bool sent)
    {
        var linger = Layer.Timers.TimerJ(Flow.IsReliable);
        if (!sent || Flow.IsReliable)
        {
            Layer.Loop.Arm(_end, linger);
            return;
        }
        Layer.Loop.Timers.Cancel(_end);
        Shrink(linger, answers: true);
    }
}
