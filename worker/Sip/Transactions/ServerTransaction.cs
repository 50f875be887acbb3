using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transport;

namespace ClickToDial.Sip.Transactions;

/// <summary>
/// One request from a peer and the answers to it. <see cref="Respond(SipResponse)"/> may be called from anywhere; callbacks
/// run on the stack loop, are set inside the callback that delivered the request, and must not block.
/// </summary>
public abstract class ServerTransaction : IServerSide
{
    private readonly string _localTag;

    private protected ServerTransaction(TransactionLayer layer, ServerKey key, SipRequest request, SipFlow flow)
    {
        Layer = layer;
        Key = key;
        Request = request;
        Flow = flow;
        _localTag = request.To.Tag ?? layer.Tokens.Next();
    }

    public SipRequest Request { get; }

    /// <summary>Where the request came from: the address to trust, whatever its headers say.</summary>
    public SipFlow Flow { get; }

    /// <summary>The To tag of all responses made by <see cref="CreateResponse"/> (for a request in a dialog, the one it has).</summary>
    public string LocalTag => _localTag;

    /// <summary>True once a final response was given.</summary>
    public bool IsAnswered { get; private protected set; }

    /// <summary>True once a success was sent; while it waits for a PRACK it was not.</summary>
    public bool IsAccepted { get; private set; }

    /// <summary>The caller gave up. The stack has answered the CANCEL with 200 and the INVITE with 487 already.</summary>
    public Action<SipRequest>? Cancelled { get; set; }

    /// <summary>The ACK of a success arrived; it may hold the answer to an offer.</summary>
    public Action<SipRequest>? Acknowledged { get; set; }

    /// <summary>No ACK came for the final response, or it could not be sent, or none was given in time and the stack gave 500.</summary>
    public Action<TransactionFailure>? Failed { get; set; }

    /// <summary>Told of the final response just before it is sent, once: the dialog's own book-keeping.</summary>
    internal Action<SipResponse>? Answering { get; set; }

    /// <summary>Told when an offer of ours leaves in a reliable provisional response.</summary>
    internal Action? Offering { get; set; }

    /// <summary>Told when the ACK of a success came, or is waited for no longer.</summary>
    internal Action? Settled { get; set; }

    /// <summary>
    /// A PRACK with a body came for this INVITE: the answer to the offer in our provisional response, or else a new offer
    /// (RFC 3262 section 5). It must be answered; without a user it gets 488.
    /// </summary>
    public Action<ServerTransaction>? Pracked { get; set; }

    /// <summary>Its provisional responses are sent reliably, so that the first of them must hold our offer where the request has none.</summary>
    public virtual bool IsReliable => false;

    internal TransactionLayer Layer { get; }

    internal ServerKey Key { get; }

    internal MergeKey? Merge { get; set; }

    /// <summary>True when it takes a place in <see cref="ServerAdmission"/>.</summary>
    internal bool IsCounted { get; set; }

    /// <summary>True when it takes a place in <see cref="DialogAdmission"/>.</summary>
    internal bool IsCountedByDialog { get; set; }

    private protected SipResponse? Last { get; private set; }

    /// <summary>
    /// A response with what must be copied from the request (RFC 3261 section 8.2.6), our To tag except on 100, and the
    /// Record-Route of a dialog-forming request (section 12.1.1).
    /// </summary>
    public SipResponse CreateResponse(int status, string? reason = null) => ResponseFactory.Create(Request, status, reason, _localTag);

    /// <summary>Gives a response. After a final one only repeats of a success are taken; anything else is ignored.</summary>
    public void Respond(SipResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        Layer.Loop.Do(() => Give(response));
    }

    public void Respond(int status, string? reason = null) => Respond(CreateResponse(status, reason));

    void IServerSide.OnRequest(SipRequest request) => OnRequest(request);

    void IServerSide.OnAck(SipRequest ack) => OnAck(ack);

    internal abstract void OnRequest(SipRequest request);

    internal virtual void OnAck(SipRequest ack)
    {
    }

    private protected abstract void Give(SipResponse response);

    /// <summary>Nothing more will be told or sent: what is left for half a minute must not keep a whole call with it.</summary>
    private protected void LetGo()
    {
        (Cancelled, Acknowledged, Failed, Pracked) = (null, null, null, null);
        (Answering, Offering, Settled) = (null, null, null);
        Last = null;
    }

    private protected bool SendNew(SipResponse response)
    {
        Last = response;
        if (response.Status >= 200 && !IsAnswered)
        {
            IsAnswered = true;
            IsAccepted = response.IsSuccess;
            Answering?.Invoke(response);
        }
        return SendLast();
    }

    private protected bool SendLast() => Last is null || Resend(Last);

    private protected bool Resend(SipResponse response) => Layer.Send(ResponseFlow(), response);

    /// <summary>Leaves the repeats that may come for so long to something that keeps no messages. Not on a stream, where none come.</summary>
    /// <param name="answers">They are answered as the request was, and not only absorbed.</param>
    private protected void Shrink(TimeSpan linger, bool answers)
    {
        var rest = new AnsweredRequest(Key, LocalTag, ResponseFlow(), answers && Last is not null ? Layer.Encode(Last) : [])
        {
            Merge = Merge,
            Counted = IsCounted ? Flow : null,
            CountedDialog = IsCountedByDialog ? DialogAdmission.KeyOf(Request) : null,
        };
        Layer.Replace(this, rest, linger);
    }

    private SipFlow ResponseFlow() => ViaStamp.ResponseFlow(Request, Flow, Layer.IsOpen(Flow));
}
