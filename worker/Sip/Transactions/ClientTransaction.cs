using ClickToDial.Sip.Endpoint;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transport;

namespace ClickToDial.Sip.Transactions;

/// <summary>Hears what becomes of a request. Called on the stack loop: must not block.</summary>
public interface IClientTransactionUser
{
    /// <summary>A response arrived: any number of provisional ones, one final one, and for INVITE every further success.</summary>
    void OnResponse(ClientTransaction transaction, SipResponse response);

    /// <summary>There will be no (further) response. The transaction is null when the request never left.</summary>
    void OnFailure(ClientTransaction? transaction, TransactionFailure failure);

    /// <summary>The targets of the request, told before it leaves.</summary>
    internal void OnWalk(TargetWalk walk)
    {
    }

    /// <summary>Asked when the next hop is known, before the request leaves for the first time. False ends it unsent, as cancelled.</summary>
    bool MayStart() => true;

    /// <summary>
    /// Asked before the request goes to the next target because this one failed (RFC 3263 section 4.3). False ends it here.
    /// What was heard from the failed target no longer counts.
    /// </summary>
    bool TriesNextTarget() => true;
}

/// <summary>One request of ours and the responses to it. Made by the endpoint.</summary>
public abstract class ClientTransaction
{
    private protected ClientTransaction(TransactionLayer layer, SipRequest request, SipFlow flow, IClientTransactionUser user)
    {
        Layer = layer;
        Request = request;
        Flow = flow;
        User = user;
        Key = new ClientKey(request.TopVia.Branch!, request.Method);
    }

    /// <summary>The request as it was sent, with its Via. Not to be changed.</summary>
    public SipRequest Request { get; }

    public SipFlow Flow { get; }

    /// <summary>True when the request is known not to have reached the peer, so that sending it elsewhere repeats nothing.</summary>
    public bool NeverLeft { get; internal set; }

    /// <summary>
    /// Where the request would have gone if its size did not matter; null where the way was fixed. The same request with
    /// credentials is larger, and chooses between UDP and TCP anew.
    /// </summary>
    internal SipFlow? Chosen { get; set; }

    internal TransactionLayer Layer { get; }

    internal ClientKey Key { get; }

    internal IClientTransactionUser User { get; set; }

    internal abstract void Start();

    internal abstract void OnResponse(SipResponse response);

    internal abstract void OnTransportError();

    /// <summary>Ends the transaction without another word to its user.</summary>
    internal abstract void Abandon();
}
