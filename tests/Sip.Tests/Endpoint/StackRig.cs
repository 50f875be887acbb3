using System.Net;
using System.Text;
using ClickToDial.Sip.Dialogs;
using ClickToDial.Sip.Endpoint;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transactions;
using ClickToDial.Sip.Transport;
using ClickToDial.TestKit.Sip;
using ClickToDial.TestKit.Time;
using Microsoft.Extensions.Logging;

namespace ClickToDial.Sip.Tests.Endpoint;

/// <summary>
/// A whole endpoint on a network and a clock that only the test moves. Every method returns when the stack has nothing left
/// to do, so a test reads as a timeline.
/// </summary>
internal sealed class StackRig : ISipHandler, IInviteUser, IAsyncDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);

    private int _read;

    public StackRig(bool reliable = false, ITargetResolver? resolver = null, params ISipTransport[] more)
        : this(options => options, reliable, resolver, more)
    {
    }

    public StackRig(Func<SipEndpointOptions, SipEndpointOptions> change, bool reliable = false, ITargetResolver? resolver = null, params ISipTransport[] more)
    {
        Network = new MemoryTransport(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 5060)) { Kind = reliable ? SipTransportKind.Tcp : SipTransportKind.Udp };
        Peer = new SipFlow(Network.Kind, new IPEndPoint(IPAddress.Parse("192.0.2.9"), 5060));
        var options = new SipEndpointOptions { Listen = [], OtherTransports = [Network, .. more], Resolver = resolver ?? new DnsTargetResolver() };
        Endpoint = new SipEndpoint(change(options), Time, Log);
        Endpoint.Start(this);
    }

    public ManualTimeProvider Time { get; } = new();

    public CollectingLogger Log { get; } = new();

    /// <summary>What <see cref="ISipHandler.AnswerStatelessly"/> says.</summary>
    public Func<StatelessRequest, SipResponse?> Stateless { get; set; } = _ => null;

    public MemoryTransport Network { get; }

    public SipFlow Peer { get; }

    public SipEndpoint Endpoint { get; }

    public List<ServerTransaction> Requests { get; } = [];

    public List<(Dialog Dialog, ServerTransaction Transaction)> InDialog { get; } = [];

    public List<(SipResponse Response, Dialog? Dialog)> Progress { get; } = [];

    public List<Dialog> Accepted { get; } = [];

    public List<Dialog> SessionDue { get; } = [];

    public List<Dialog> SessionExpired { get; } = [];

    public List<RequestOutcome> Failed { get; } = [];

    /// <summary>What was sent since this was last asked.</summary>
    public List<SipMessage> Sent()
    {
        var all = Network.Sent.ToList();
        var fresh = all[_read..];
        _read = all.Count;
        return fresh;
    }

    /// <summary>The same as short words: "INVITE", "180".</summary>
    public string SentWords() => string.Join(' ', Sent().Select(m => m is SipRequest r ? r.Method.Name : ((SipResponse)m).Status.ToString()));

    public async Task Receive(string text, SipFlow? from = null)
    {
        Network.Receive(Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n")), from ?? Peer);
        await Settle();
    }

    public async Task Receive(SipMessage message, SipFlow? from = null)
    {
        Network.Receive(message, from ?? Peer);
        await Settle();
    }

    public async Task Advance(TimeSpan by)
    {
        for (var passed = TimeSpan.Zero; passed < by; passed += Step)
        {
            Time.Advance(Step);
            await Settle();
        }
    }

    /// <summary>Waits until the stack has handled all it was given so far.</summary>
    public Task Settle()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Endpoint.Post(done.SetResult);
        return done.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    public async Task<SipRequest> Invite(ClickToDial.Sip.Authentication.DigestClient? credentials = null)
    {
        Call = Endpoint.Invite(Endpoint.CreateRequest(SipMethod.Invite, SipUri.Parse("sip:bob@192.0.2.9"), NameAddress.Parse("<sip:alice@192.0.2.1>"),
            NameAddress.Parse("<sip:bob@192.0.2.9>"), SipUri.Parse("sip:alice@192.0.2.1")), Peer, this, credentials);
        await Settle();
        return (SipRequest)Sent().Single();
    }

    public OutgoingInvite Call { get; private set; } = null!;

    public Task Answer(SipRequest request, int status, string tag, string? contact = "<sip:bob@192.0.2.9>", params (HeaderName Name, string Value)[] more)
    {
        var response = ResponseFactory.Create(request, status, null, tag);
        if (contact is not null) response.Headers.Add(HeaderName.Contact, contact);
        foreach (var (name, value) in more) response.Headers.Add(name, value);
        return Receive(response);
    }

    public static string Request(string method, string branch = "z9hG4bKin", int cseq = 1, string toTag = "", string extra = "", string via = "192.0.2.9", string callId = "in") =>
        $"{method} sip:alice@192.0.2.1 SIP/2.0\nVia: SIP/2.0/UDP {via}{(branch.Length > 0 ? $";branch={branch}" : "")}\nMax-Forwards: 70\nFrom: <sip:bob@192.0.2.9>;tag=bobs\n"
        + $"To: <sip:alice@192.0.2.1>{(toTag.Length > 0 ? $";tag={toTag}" : "")}\nCall-ID: {callId}\nCSeq: {cseq} {method}\nContact: <sip:bob@192.0.2.9>\n{extra}\n";

    public Dialog Accept(ServerTransaction invite)
    {
        var dialog = Dialog.FromIncoming(invite, SipUri.Parse("sip:alice@192.0.2.1"))!;
        dialog.User = this;
        Endpoint.Dialogs.Add(dialog);
        dialog.Confirm();
        var response = invite.CreateResponse(200);
        response.Headers.Add(HeaderName.Contact, "<sip:alice@192.0.2.1>");
        invite.Respond(response);
        return dialog;
    }

    /// <summary>A call of the peer's, answered and acknowledged; what was sent for it counts as read.</summary>
    public async Task<Dialog> EstablishAsync(string extra = "")
    {
        await Receive(Request("INVITE", "z9hG4bKfirst", extra: extra));
        var dialog = Accept(Requests.Single());
        await Receive(Request("ACK", "z9hG4bKfirstack", toTag: dialog.Id.LocalTag));
        Sent();
        return dialog;
    }

    public void OnRequest(ServerTransaction transaction) => Requests.Add(transaction);

    public SipResponse? AnswerStatelessly(StatelessRequest request) => Stateless(request);

    public void OnDialogRequest(Dialog dialog, ServerTransaction transaction) => InDialog.Add((dialog, transaction));

    public void OnSessionDue(Dialog dialog) => SessionDue.Add(dialog);

    void IDialogUser.OnSessionExpired(Dialog dialog) => SessionExpired.Add(dialog);

    public void OnProgress(OutgoingInvite invite, SipResponse response, Dialog? early) => Progress.Add((response, early));

    public void OnAccepted(OutgoingInvite invite, SipResponse response, Dialog dialog) => Accepted.Add(dialog);

    public void OnFailed(OutgoingInvite invite, RequestOutcome outcome) => Failed.Add(outcome);

    public ValueTask DisposeAsync() => Endpoint.DisposeAsync();
}

/// <summary>Keeps the ids of what was logged.</summary>
internal sealed class CollectingLogger : ILogger<SipEndpoint>
{
    private readonly System.Collections.Concurrent.ConcurrentQueue<int> _ids = new();

    public IReadOnlyCollection<int> Ids => _ids;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _ids.Enqueue(eventId.Id);
}
