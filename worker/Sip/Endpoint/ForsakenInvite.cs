using ClickToDial.Sip.Dialogs;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transactions;

namespace ClickToDial.Sip.Endpoint;

/// <summary>
/// An INVITE whose target said nothing for so long that another was tried: if the target wakes up after all, nobody must ring
/// or talk there. It is cancelled as soon as that is allowed (RFC 3261 section 9.1), and a success is acknowledged and ended.
/// Lives on the stack loop.
/// </summary>
internal sealed class ForsakenInvite(SipEndpoint endpoint) : IClientTransactionUser, ITimerTarget
{
    private readonly Dictionary<string, (SipRequest Ack, Dialog Dialog)> _acks = [];
    private ClientTransaction? _cancelled;

    public void OnResponse(ClientTransaction transaction, SipResponse response)
    {
        if (response.IsProvisional) Cancel(transaction);
        else if (response.IsSuccess) Undo(transaction, response);
    }

    public void OnFailure(ClientTransaction? transaction, TransactionFailure failure)
    {
    }

    // Cancelled and never answered.
    public void OnTimer(WheelTimer timer) => _cancelled!.Abandon();

    private void Cancel(ClientTransaction transaction)
    {
        if (_cancelled is not null) return;
        _cancelled = transaction;
        endpoint.Loop.Arm(new WheelTimer(this, 'C'), endpoint.Timers.Lifetime);
        endpoint.Layer.StartClient(RequestFactory.Cancel(transaction.Request), transaction.Flow, new IgnoredAnswers());
    }

    private void Undo(ClientTransaction transaction, SipResponse response)
    {
        var tag = response.To.Tag ?? "";
        if (_acks.TryGetValue(tag, out var repeated)) endpoint.SendStateless(repeated.Ack, DialogRoute.FlowOf(repeated.Dialog), again: true);
        else if (_acks.Count < OutgoingInvite.MaxBranches && Dialog.FromOutgoing(transaction, response) is { } dialog)
        {
            var ack = dialog.CreateAck(transaction.Request);
            _acks[tag] = (ack, dialog);
            endpoint.SendStateless(ack, DialogRoute.FlowOf(dialog));
            endpoint.Request(dialog, dialog.CreateRequest(SipMethod.Bye), _ => { });
        }
    }
}
