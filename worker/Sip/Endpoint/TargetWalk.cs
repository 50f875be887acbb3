using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transactions;
using ClickToDial.Sip.Transport;

namespace ClickToDial.Sip.Endpoint;

/// <summary>
/// Sends one request to its targets in turn until one of them takes it (RFC 3263 section 4.3): the next is tried after a
/// transport failure, a timeout, 503 or 430 (RFC 5626 section 5.3), each time as a new transaction. A request too large for UDP
/// goes to the same address over TCP first, and over UDP only if it is certain that it never left (RFC 3261 section 18.1.1).
/// Lives on the stack loop.
/// </summary>
/// <param name="isFixed">The targets are flows that the peer opened: nothing about them is ours to choose.</param>
internal sealed class TargetWalk(
    SipEndpoint endpoint, SipRequest request, IReadOnlyList<SipTarget> targets, IClientTransactionUser user, bool isFixed = false)
    : IClientTransactionUser
{
    private readonly bool _isPinned = isFixed || !SipEndpoint.MayChooseTransport(request);
    private int _next;
    private SipFlow? _datagram; // The same target by UDP, while TCP is tried because of the size.
    private bool _heard;
    private ClientTransaction? _current;

    public void Start()
    {
        user.OnWalk(this);
        if (!user.MayStart()) user.OnFailure(null, TransactionFailure.Cancelled);
        else if (!TryNext()) user.OnFailure(null, TransactionFailure.Unresolved);
    }

    public void OnResponse(ClientTransaction transaction, SipResponse response)
    {
        if (response.Status is 503 or 430 && !_heard && MayGoOn() && TryNext()) return;
        // An early dialog is there, or the end: what comes now belongs to this target.
        if (response.Status > 100) _heard = true;
        user.OnResponse(transaction, response);
    }

    public void OnFailure(ClientTransaction? transaction, TransactionFailure failure)
    {
        if (_datagram is { } datagram && transaction is { NeverLeft: true } && user.TriesNextTarget())
        {
            _datagram = null;
            Send(request.Clone(), datagram, datagram);
            return;
        }
        if (!_heard && MayGoOn() && TryNext()) return;
        user.OnFailure(transaction, failure);
    }

    /// <summary>Goes on to the next target although this one, of an INVITE, has not failed: it is silent. False when there is none.</summary>
    public bool LeaveSilent()
    {
        if (_current is not { } silent || !MayGoOn()) return false;
        silent.User = new ForsakenInvite(endpoint);
        return TryNext();
    }

    public bool TriesNextTarget() => user.TriesNextTarget();

    private bool MayGoOn() => _next < targets.Count && user.TriesNextTarget();

    private bool TryNext()
    {
        if (_next == targets.Count) return false;
        var target = targets[_next++];
        var attempt = target.Address(_next < targets.Count ? request.Clone() : request);
        endpoint.FitContact(attempt, target.Flow);
        if (attempt.BodyTowards is { } body) attempt.SetBody(body(target.Flow.Remote.AddressFamily), attempt.ContentType);
        var tcp = _isPinned ? null : endpoint.TcpInstead(attempt, target.Flow);
        _datagram = tcp is null ? null : target.Flow;
        Send(attempt, tcp ?? target.Flow, target.Flow);
        return true;
    }

    private void Send(SipRequest attempt, SipFlow flow, SipFlow chosen)
    {
        var at = _next;
        _current = null;
        if (endpoint.StartClient(attempt, flow, this, null) is not { } transaction) return;
        if (!_isPinned) transaction.Chosen = chosen;
        // A target that failed at once was left for the next in there already.
        if (at == _next) _current ??= transaction;
    }
}
