using System.Net;
using System.Threading.Channels;
using ClickToDial.Sip.Dialogs;
using ClickToDial.Sip.Endpoint;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transactions;
using ClickToDial.Sip.Transport;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClickToDial.Sip.Tests.Endpoint;

/// <summary>An endpoint on loopback whose callbacks a test awaits.</summary>
internal sealed class TestPhone : ISipHandler, IInviteUser, IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Channel<ServerTransaction> _requests = Channel.CreateUnbounded<ServerTransaction>();
    private readonly Channel<(Dialog Dialog, ServerTransaction Transaction)> _inDialog = Channel.CreateUnbounded<(Dialog, ServerTransaction)>();
    private readonly Channel<(SipResponse Response, Dialog? Dialog)> _progress = Channel.CreateUnbounded<(SipResponse, Dialog?)>();
    private readonly Channel<(SipResponse Response, Dialog Dialog)> _accepted = Channel.CreateUnbounded<(SipResponse, Dialog)>();
    private readonly Channel<RequestOutcome> _failed = Channel.CreateUnbounded<RequestOutcome>();

    public TestPhone(SipTransportKind kind = SipTransportKind.Udp, TransactionTimers? timers = null, TimeProvider? time = null)
    {
        Kind = kind;
        Endpoint = new SipEndpoint(new SipEndpointOptions
        {
            Listen = [new SipListen(SipTransportKind.Udp, new IPEndPoint(IPAddress.Loopback, 0)), new SipListen(SipTransportKind.Tcp, new IPEndPoint(IPAddress.Loopback, 0))],
            Timers = timers ?? TransactionTimers.Rfc3261,
        }, time ?? TimeProvider.System, NullLogger<SipEndpoint>.Instance);
        Endpoint.Start(this);
    }

    public SipEndpoint Endpoint { get; }

    public SipTransportKind Kind { get; }

    /// <summary>How others reach this phone.</summary>
    public SipFlow Address => new(Kind, Endpoint.Listening.First(l => l.Kind == Kind).Address);

    public SipUri Uri(string user) => Endpoint.ContactFor(Address, user)!;

    public SipRequest NewRequest(SipMethod method, TestPhone to) => Endpoint.CreateRequest(
        method, to.Uri("bob"), new NameAddress(Uri("alice"), "Alice"), new NameAddress(to.Uri("bob")), Uri("alice"));

    public OutgoingInvite Call(TestPhone to) => Endpoint.Invite(NewRequest(SipMethod.Invite, to), to.Address, this);

    public Task<RequestOutcome> Ask(SipRequest request, TestPhone to)
    {
        var done = new TaskCompletionSource<RequestOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        Endpoint.Request(request, to.Address, done.SetResult);
        return done.Task.WaitAsync(Patience);
    }

    public Task<RequestOutcome> Ask(Dialog dialog, SipMethod method)
    {
        var done = new TaskCompletionSource<RequestOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        Endpoint.Request(dialog, dialog.CreateRequest(method), done.SetResult);
        return done.Task.WaitAsync(Patience);
    }

    public Task<ServerTransaction> NextRequest() => _requests.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    public Task<(Dialog Dialog, ServerTransaction Transaction)> NextInDialog() => _inDialog.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    public Task<(SipResponse Response, Dialog? Dialog)> NextProgress() => _progress.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    public Task<(SipResponse Response, Dialog Dialog)> NextAccepted() => _accepted.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    public Task<RequestOutcome> NextFailed() => _failed.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    /// <summary>Answers an INVITE with a success and gives the confirmed dialog.</summary>
    public Dialog Accept(ServerTransaction invite)
    {
        var contact = Endpoint.ContactFor(invite.Flow, "bob")!;
        var dialog = Dialog.FromIncoming(invite, contact)!;
        dialog.User = this;
        Endpoint.Dialogs.Add(dialog);
        var response = invite.CreateResponse(200);
        response.Headers.Add(HeaderName.Contact, $"<{contact}>");
        dialog.Confirm();
        invite.Respond(response);
        return dialog;
    }

    public void OnRequest(ServerTransaction transaction) => _requests.Writer.TryWrite(transaction);

    public void OnDialogRequest(Dialog dialog, ServerTransaction transaction) => _inDialog.Writer.TryWrite((dialog, transaction));

    public void OnProgress(OutgoingInvite invite, SipResponse response, Dialog? early) => _progress.Writer.TryWrite((response, early));

    public void OnAccepted(OutgoingInvite invite, SipResponse response, Dialog dialog) => _accepted.Writer.TryWrite((response, dialog));

    public void OnFailed(OutgoingInvite invite, RequestOutcome outcome) => _failed.Writer.TryWrite(outcome);

    public ValueTask DisposeAsync() => Endpoint.DisposeAsync();
}
