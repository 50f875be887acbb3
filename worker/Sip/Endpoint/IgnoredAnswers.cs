using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transactions;

namespace ClickToDial.Sip.Endpoint;

/// <summary>The answers to a CANCEL: what matters is the answer to the INVITE.</summary>
internal sealed class IgnoredAnswers : IClientTransactionUser
{
    public void OnResponse(ClientTransaction transaction, SipResponse response)
    {
    }

    public void OnFailure(ClientTransaction? transaction, TransactionFailure failure)
    {
    }
}
