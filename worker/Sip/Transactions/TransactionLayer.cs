using System.Buffers;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Parsing;
using ClickToDial.Sip.Transport;
using Microsoft.Extensions.Logging;

namespace ClickToDial.Sip.Transactions;

/// <summary>What the transaction layer hands upwards. Called on the stack loop.</summary>
internal interface ITransactionUser
{
    /// <summary>The final response to a new request that spares a transaction for it, or null.</summary>
    SipResponse? AnswerStatelessly(StatelessRequest request);

    /// <summary>A new request, well formed, that is neither ACK nor CANCEL.</summary>
    void OnRequest(ServerTransaction transaction);

    /// <summary>An ACK that belongs to no transaction here.</summary>
    void OnStrayAck(SipRequest ack, SipFlow flow);
}

/// <summary>
/// Matches messages to transactions (RFC 3261 sections 17.1.3 and 17.2.3) and makes new ones. Everything but the constructor
/// runs on the loop.
/// </summary>
internal sealed class TransactionLayer(
    StackLoop loop, TransactionTimers timers, ITokenSource tokens, Func<SipFlow, ReadOnlySpan<byte>, bool> send,
    Func<SipFlow, bool> isOpen, ServerAdmission admission, RequestRate rate, TimeProvider time, ILogger logger)
{
    private const int OverloadRetrySeconds = 10;
    private const int RateRetrySeconds = 2;

    private readonly Dictionary<ServerKey, IServerSide> _servers = [];
    private readonly Dictionary<ClientKey, ClientTransaction> _clients = [];
    private readonly HashSet<MergeKey> _merges = [];
    private readonly Dictionary<AckKey, InviteServerTransaction> _successes = [];
    private readonly Dictionary<AckKey, InviteServerTransaction> _reliable = [];
    private readonly Dictionary<SipFlow, HashSet<ClientTransaction>> _byStream = [];
    private readonly ArrayBufferWriter<byte> _buffer = new(4096);
    private readonly StatelessTags _tags = new(tokens);
    private readonly DialogAdmission _dialogs = new(time);
    private readonly LogThrottle _defective = new(time);
    private readonly LogThrottle _tooMany = new(time);

    public StackLoop Loop { get; } = loop;

    public TransactionTimers Timers { get; } = timers;

    public ITokenSource Tokens { get; } = tokens;

    public ITransactionUser User { get; set; } = null!;

    /// <summary>When provisional responses are sent reliably; null: never.</summary>
    public ReliablePolicy? Reliable { get; init; }

    public Random Random { get; init; } = Random.Shared;

    /// <summary>Server and client transactions alive.</summary>
    public int Count => _servers.Count + _clients.Count;

    public bool Send(SipFlow flow, SipMessage message) => send(flow, Write(message));

    /// <summary>Sends what <see cref="Encode"/> gave.</summary>
    public bool SendAgain(SipFlow flow, ReadOnlySpan<byte> wire) => send(flow, wire);

    /// <summary>The message as it goes over the wire.</summary>
    public byte[] Encode(SipMessage message) => Write(message).ToArray();

    public bool IsOpen(SipFlow flow) => !flow.IsReliable || isOpen(flow);

    /// <summary>Octets the message takes on the wire.</summary>
    public int Measure(SipMessage message) => Write(message).Length;

    public ClientTransaction StartClient(SipRequest request, SipFlow flow, IClientTransactionUser user)
    {
        ClientTransaction transaction = request.Method == SipMethod.Invite
            ? new InviteClientTransaction(this, request, flow, user)
            : new NonInviteClientTransaction(this, request, flow, user);
        _clients[transaction.Key] = transaction;
        if (flow.IsReliable) Stream(flow).Add(transaction);
        transaction.Start();
        return transaction;
    }

    public void OnMessage(SipMessage message, SipFlow flow)
    {
        if (message is SipResponse response) OnResponse(response, flow);
        else OnRequest((SipRequest)message, flow);
    }

    public void OnFlowFailed(SipFlow flow, bool unreached)
    {
        if (!_byStream.Remove(flow, out var users)) return;
        foreach (var transaction in users)
        {
            transaction.NeverLeft = unreached;
            transaction.OnTransportError();
        }
    }

    /// <summary>
    /// Its place is free for others: the ACK has shown that the caller is where it says, and its call was let in. What stays
    /// only absorbs repeats.
    /// </summary>
    public void Settle(ServerTransaction transaction)
    {
        if (!transaction.IsCounted) return;
        transaction.IsCounted = false;
        admission.Leave(transaction.Flow);
    }

    public void RememberSuccess(InviteServerTransaction transaction) => _successes[transaction.SuccessKey!.Value] = transaction;

    /// <summary>The first RSeq of an INVITE: of the lower half, so that it never wraps (RFC 3262 section 3).</summary>
    public uint FirstSequence() => (uint)Random.Next(1, int.MaxValue);

    public void RememberReliable(InviteServerTransaction transaction) => _reliable[ReliableKey(transaction)] = transaction;

    /// <summary>The INVITE that a PRACK is for; null when it is for none that is known.</summary>
    public InviteServerTransaction? FindReliable(SipRequest prack, ReliableAck ack) =>
        _reliable.GetValueOrDefault(new AckKey(prack.CallId, prack.To.Tag, prack.From.Tag, ack.Request.Number));

    public void Forget(ServerTransaction transaction)
    {
        // A transaction may end twice, by a timer and by a failed sending: only the first time counts.
        if (!_servers.TryGetValue(transaction.Key, out var known) || !ReferenceEquals(known, transaction)) return;
        _servers.Remove(transaction.Key);
        if (transaction.IsCounted) admission.Leave(transaction.Flow);
        if (transaction.IsCountedByDialog) _dialogs.Leave(DialogAdmission.KeyOf(transaction.Request));
        if (transaction.Merge is { } merge) _merges.Remove(merge);
        if (transaction is not InviteServerTransaction invite) return;
        if (invite.SuccessKey is { } key) _successes.Remove(key);
        if (invite.IsReliable) _reliable.Remove(ReliableKey(invite));
    }

    /// <summary>What is left of a transaction takes its place, and gives back what that has taken.</summary>
    public void Replace(ServerTransaction transaction, AnsweredRequest rest, TimeSpan linger)
    {
        if (!_servers.TryGetValue(transaction.Key, out var known) || !ReferenceEquals(known, transaction)) return;
        _servers[rest.Key] = rest;
        // An ACK that comes again is for nothing that is known then, which comes to the same: it is dropped.
        if (transaction is InviteServerTransaction { SuccessKey: { } key }) _successes.Remove(key);
        rest.Linger(this, linger);
    }

    public void Forget(AnsweredRequest rest)
    {
        _servers.Remove(rest.Key);
        if (rest.Counted is { } flow) admission.Leave(flow);
        if (rest.CountedDialog is { } dialog) _dialogs.Leave(dialog);
        if (rest.Merge is { } merge) _merges.Remove(merge);
    }

    public void Forget(ClientTransaction transaction)
    {
        _clients.Remove(transaction.Key);
        if (!transaction.Flow.IsReliable || !_byStream.TryGetValue(transaction.Flow, out var users)) return;
        users.Remove(transaction);
        if (users.Count == 0) _byStream.Remove(transaction.Flow);
    }

    private ReadOnlySpan<byte> Write(SipMessage message)
    {
        _buffer.ResetWrittenCount();
        MessageWriter.Write(message, _buffer);
        return _buffer.WrittenSpan;
    }

    private static AckKey ReliableKey(InviteServerTransaction invite) =>
        new(invite.Request.CallId, invite.LocalTag, invite.Request.From.Tag, invite.Request.CSeq.Number);

    private HashSet<ClientTransaction> Stream(SipFlow flow)
    {
        if (!_byStream.TryGetValue(flow, out var users)) _byStream[flow] = users = [];
        return users;
    }

    private void OnResponse(SipResponse response, SipFlow flow)
    {
        if (response.TopVia.Branch is { } branch && _clients.TryGetValue(new ClientKey(branch, response.CSeq.Method), out var transaction))
            transaction.OnResponse(response);
        else
            SipLog.StrayResponse(logger, response.Status, flow);
    }

    private void OnRequest(SipRequest request, SipFlow flow)
    {
        if (request.Defect != MessageDefect.None)
        {
            RefuseDefective(request, flow);
            return;
        }
        ViaStamp.MarkReceived(request, flow);
        var key = ServerKey.Of(request);
        if (_servers.TryGetValue(key, out var known))
        {
            if (request.Method == SipMethod.Ack) known.OnAck(request);
            else known.OnRequest(request);
            if (request.Method != SipMethod.Ack || !_successes.ContainsKey(AckKeyOf(request))) return;
        }
        if (request.Method == SipMethod.Ack) OnFreeAck(request, flow);
        else if (request.Method == SipMethod.Cancel) OnCancel(request, key, flow);
        else OnNewRequest(request, key, flow);
    }

    private void OnFreeAck(SipRequest ack, SipFlow flow)
    {
        if (_successes.TryGetValue(AckKeyOf(ack), out var accepted)) accepted.OnSuccessAck(ack);
        else User.OnStrayAck(ack, flow);
    }

    private static AckKey AckKeyOf(SipRequest ack) => new(ack.CallId, ack.To.Tag, ack.From.Tag, ack.CSeq.Number);

    // For an INVITE that is not known, or no longer, a CANCEL means nothing and leaves nothing behind.
    private void OnCancel(SipRequest cancel, ServerKey key, SipFlow flow)
    {
        if (!_servers.TryGetValue(ServerKey.Of(cancel, SipMethod.Invite), out var target))
        {
            if (MayAnswer(flow)) Reply(cancel, flow, new StatelessRequest(cancel, flow, _tags).CreateResponse(481));
            return;
        }
        var own = new NonInviteServerTransaction(this, key, cancel, flow);
        _servers[key] = own;
        own.Respond(ResponseFactory.Create(cancel, 200, null, target.LocalTag));
        (target as InviteServerTransaction)?.OnCancel(cancel);
    }

    private void OnNewRequest(SipRequest request, ServerKey key, SipFlow flow)
    {
        // Requests of a dialog are counted by their dialog: of those there are as many as there are calls.
        var counted = request.To.Tag is null;
        var verdict = counted ? rate.Count(flow) : RateVerdict.Pass;
        if (verdict == RateVerdict.Drop) return;
        var stateless = new StatelessRequest(request, flow, _tags);
        if (verdict == RateVerdict.Pass && User.AnswerStatelessly(stateless) is { } answer)
        {
            if (counted || MayAnswer(flow)) Reply(request, flow, answer);
            return;
        }
        if (verdict == RateVerdict.Refuse || !(counted ? admission.TryEnter(flow) : _dialogs.TryEnter(request)))
        {
            RefuseForLoad(stateless, verdict == RateVerdict.Refuse ? RateRetrySeconds : OverloadRetrySeconds);
            return;
        }
        ServerTransaction transaction = request.Method == SipMethod.Invite
            ? new InviteServerTransaction(this, key, request, flow)
            : new NonInviteServerTransaction(this, key, request, flow);
        transaction.IsCounted = counted;
        transaction.IsCountedByDialog = !counted;
        _servers[key] = transaction;
        if (counted && !TryMerge(transaction)) return;
        User.OnRequest(transaction);
    }

    // What is wrong, or belongs to nothing we know, counts as a new request does, and beyond the limit is not even refused.
    private bool MayAnswer(SipFlow flow) => rate.Count(flow) == RateVerdict.Pass;

    private void RefuseForLoad(StatelessRequest refused, int retryAfterSeconds)
    {
        if (_tooMany.TryPass(out var suppressed)) SipLog.TooManyRequests(logger, refused.Request.Method, refused.Flow, admission.Count, suppressed);
        Reply(refused.Request, refused.Flow, ResponseFactory.Unavailable(refused.CreateResponse(503), retryAfterSeconds));
    }

    private bool TryMerge(ServerTransaction transaction)
    {
        var merge = MergeKey.Of(transaction.Request);
        if (!_merges.Add(merge))
        {
            transaction.Respond(482, "Merged Request");
            return false;
        }
        transaction.Merge = merge;
        return true;
    }

    private void Reply(SipRequest request, SipFlow flow, SipResponse response) =>
        Send(ViaStamp.ResponseFlow(request, flow, IsOpen(flow)), response);

    // Statelessly, so that a flood of bad requests costs no memory; never an answer to an ACK, nor without a Via to go by.
    private void RefuseDefective(SipRequest request, SipFlow flow)
    {
        if (request.Method == SipMethod.Ack || !request.Headers.Contains(HeaderName.Via) || !MayAnswer(flow)) return;
        var target = flow; // With a Via that cannot be read, the source is all there is to answer to.
        if (HeaderReader.TopVia(request.Headers) is not null)
        {
            ViaStamp.MarkReceived(request, flow);
            target = ViaStamp.ResponseFlow(request, flow, IsOpen(flow));
        }
        var (status, reason) = MessageDefects.Answer(request.Defect);
        if (_defective.TryPass(out var suppressed)) SipLog.Refused(logger, request.Method, flow, status, request.Defect, suppressed);
        Send(target, ResponseFactory.Create(request, status, reason, Tokens.Next()));
    }
}
