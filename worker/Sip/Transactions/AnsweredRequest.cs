using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transport;

namespace ClickToDial.Sip.Transactions;

/// <summary>Answers for a request of a peer: its transaction, or what is left of that.</summary>
internal interface IServerSide
{
    /// <summary>The To tag of the responses.</summary>
    string LocalTag { get; }

    /// <summary>The request came again.</summary>
    void OnRequest(SipRequest request);

    /// <summary>An ACK with the branch of the request.</summary>
    void OnAck(SipRequest ack);
}

/// <summary>
/// What is left of a server transaction by UDP once nothing but repeats of its request can come: for half a minute (timers J and L) the
/// bytes to answer them with, in the place of messages and of whatever hung on the transaction. After a busy half minute there are more
/// of these than of anything else, and the collector looks at all of them. Lives on the stack loop.
/// </summary>
/// <param name="wire">The final response; empty where repeats are only absorbed, as those of an INVITE after the ACK of its success.</param>
internal sealed class AnsweredRequest(ServerKey key, string localTag, SipFlow flow, byte[] wire) : IServerSide, ITimerTarget
{
    private TransactionLayer? _layer;

    public ServerKey Key => key;

    public string LocalTag => localTag;

    /// <summary>What it has to give back at its end, as its transaction would have.</summary>
    public MergeKey? Merge { get; init; }

    /// <summary>Where the request came from, if it takes a place in <see cref="ServerAdmission"/>.</summary>
    public SipFlow? Counted { get; init; }

    /// <summary>Its dialog, if it takes a place in <see cref="DialogAdmission"/>.</summary>
    public (string CallId, string Tag)? CountedDialog { get; init; }

    public void Linger(TransactionLayer layer, TimeSpan time)
    {
        _layer = layer;
        layer.Loop.Arm(new WheelTimer(this, 'J'), time);
    }

    public void OnRequest(SipRequest request)
    {
        if (wire.Length > 0) _layer!.SendAgain(flow, wire);
    }

    public void OnAck(SipRequest ack)
    {
    }

    public void OnTimer(WheelTimer timer) => _layer!.Forget(this);
}
