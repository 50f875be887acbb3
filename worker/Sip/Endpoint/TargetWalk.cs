using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transactions;
using ClickToDial.Sip.Transport;

namespace ClickToDial.Sip.Endpoint;

/// <summary>
/// Sends one request to its targets in turn until one of them takes it (RFC 3263 section 4.3): the next is tried after a
/// transport failure, a timeout or 503, each time as a new transaction. A request too large for UDP goes to the same address
/// over TCP first, and over UDP only if it is certain that it never left (RFC 3261 section 18.1.1). Lives on the stack loop.
/// </summary>
internal sealed class TargetWalk(SipEndpoint endpoint, SipRequest request, IReadOnlyList<SipFlow> targets, IClientTransactionUser user)
    : IClientTransactionUser
{
    // RFC 3261 section 18.1.1: a transport named in the URI is a choice of the peer's, not ours to change.
    private readonly bool _isPinned = NextHop.Of(request).Transport is not null;
    private int _next;
    private SipFlow? _datagram; // The same target by UDP, while TCP is tried because of the size.
    private bool _heard;

    public void Start()
    {
        if (!user.MayStart()) user.OnFailure(null, TransactionFailure.Cancelled);
        else if (!TryNext()) user.OnFailure(null, TransactionFailure.Unresolved);
    }

    public void OnResponse(ClientTransaction transaction, SipResponse response)
    {
        if (response.Status == 503 && !_heard && MayGoOn() && TryNext()) return;
        // An early dialog is there, or the end: what comes now belongs to this target.
        if (response.Status > 100) _heard = true;
        user.OnResponse(transaction, response);
    }

    public void OnFailure(ClientTransaction? transaction, TransactionFailure failure)
    {
        if (_datagram is { } datagram && transaction is { NeverLeft: true } && user.TriesNextTarget())
        {
            _datagram = null;
            endpoint.StartClient(request.Clone(), datagram, this, null);
            return;
        }
        if (!_heard && MayGoOn() && TryNext()) return;
        user.OnFailure(transaction, failure);
    }

    public bool TriesNextTarget() => user.TriesNextTarget();

    private bool MayGoOn() => _next < targets.Count && user.TriesNextTarget();

    private bool TryNext()
    {
        if (_next == targets.Count) return false;
        var target = targets[_next++];
        var attempt = _next < targets.Count ? request.Clone() : request;
        _datagram = null;
        if (ByTcp(attempt, target) is { } tcp) (_datagram, target) = (target, tcp);
        endpoint.StartClient(attempt, target, this, null);
        return true;
    }

    private SipFlow? ByTcp(SipRequest attempt, SipFlow target)
    {
        if (_isPinned || target.Kind != SipTransportKind.Udp || !endpoint.IsTooLargeFor(attempt, target)) return null;
        var tcp = new SipFlow(SipTransportKind.Tcp, target.Remote);
        return endpoint.CanReach(tcp) ? tcp : null;
    }
}
