using System.Net;
using System.Text;
using System.Threading.Channels;
using ClickToDial.Sip.Authentication;
using ClickToDial.Sip.Dialogs;
using ClickToDial.Sip.Endpoint;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transactions;
using ClickToDial.Sip.Transport;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClickToDial.Calls.Tests.Support;

/// <summary>A bare SIP end without sound, for what a phone does not do by itself: odd SDP, early media, challenges, dialling.</summary>
public sealed class SipUa : ISipHandler, IDialogUser, IAsyncDisposable
{
    private readonly SipEndpoint _endpoint;
    private readonly SipFlow _worker;
    private readonly Channel<ServerTransaction> _requests = Channel.CreateUnbounded<ServerTransaction>();
    private readonly Channel<ServerTransaction> _inDialog = Channel.CreateUnbounded<ServerTransaction>();
    private readonly string _callId = Guid.NewGuid().ToString("N");
    private uint _sequence;

    /// <param name="hostName">On TLS: what the worker has to prove.</param>
    public SipUa(IPEndPoint worker, Func<SipEndpointOptions, SipEndpointOptions>? change = null, SipTransportKind kind = SipTransportKind.Udp, string? hostName = null)
    {
        _worker = new SipFlow(kind, worker) { HostName = hostName };
        var options = new SipEndpointOptions { Listen = [new SipListen(kind, new IPEndPoint(IPAddress.Loopback, 0))] };
        options = options with { AllowedMethods = [.. options.AllowedMethods, SipMethod.Notify] };
        _endpoint = new SipEndpoint(
            change?.Invoke(options) ?? options,
            TimeProvider.System,
            NullLogger<SipEndpoint>.Instance);
        _endpoint.Start(this);
    }

    public SipEndpoint Endpoint => _endpoint;

    public IPEndPoint Address => _endpoint.Listening[0].Address;

    public static byte[] Sdp(string formats, string lines = "") => Encoding.ASCII.GetBytes(
        $"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40000 RTP/AVP {formats}\r\n{lines}");

    /// <summary>The next request outside of a dialog.</summary>
    public async Task<ServerTransaction> RequestAsync() => await _requests.Reader.ReadAsync().AsTask().WaitAsync(Patience.Limit);

    /// <summary>The next request within a dialog.</summary>
    public async Task<ServerTransaction> InDialogAsync() => await _inDialog.Reader.ReadAsync().AsTask().WaitAsync(Patience.Limit);

    /// <summary>Registers an account of <see cref="WorkerRig.Domain"/>.</summary>
    public async Task<SipResponse> RegisterAsync(
        string account, string? contact = null, uint? expires = 300, string password = WorkerRig.Password, string domain = WorkerRig.Domain,
        Action<SipRequest>? more = null)
    {
        var address = NameAddress.Parse($"<sip:{account}@{domain}>");
        var register = _endpoint.CreateRequest(SipMethod.Register, SipUri.Create(null, domain), address, address);
        register.Headers.Set(HeaderName.CallId, _callId);
        _sequence += 2; // The stack uses up one more for the answer to a challenge.
        register.CSeq = new CSeq(_sequence, SipMethod.Register);
        if (contact != "") register.Headers.Add(HeaderName.Contact, contact ?? $"<sip:{account}@{Address}>");
        if (expires is not null) register.Headers.Add(HeaderName.Expires, expires.Value.ToString());
        more?.Invoke(register);
        return await AskAsync(register, new DigestClient(account, password, _endpoint.Tokens));
    }

    public async Task<SipResponse> AskAsync(SipRequest request, DigestClient? credentials = null)
    {
        var done = new TaskCompletionSource<RequestOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        _endpoint.Request(request, _worker, outcome => done.TrySetResult(outcome), credentials);
        var outcome = await done.Task.WaitAsync(Patience.Limit);
        return outcome.Response ?? throw new InvalidOperationException($"{request.Method} failed: {outcome.Failure}");
    }

    public SipRequest Create(SipMethod method, string user, string? contact = null) => _endpoint.CreateRequest(
        method,
        SipUri.Create(user, WorkerRig.Domain),
        NameAddress.Parse($"<sip:101-a@{WorkerRig.Domain}>"),
        NameAddress.Parse($"<sip:{user}@{WorkerRig.Domain}>"),
        SipUri.Parse(contact ?? $"sip:101-a@{Address}"));

    /// <summary>Dials a destination of the domain.</summary>
    public Dialled Dial(string user, byte[] offer, string account = "101-a", string password = WorkerRig.Password, string? contact = null,
        Action<SipRequest>? change = null)
    {
        var invite = Create(SipMethod.Invite, user, contact);
        invite.SetBody(offer, "application/sdp");
        change?.Invoke(invite);
        // Without an offer the answer goes with the ACK, by Acknowledge.
        var dialled = new Dialled(this);
        dialled.Invite = _endpoint.Invite(
            invite, _worker, dialled, new DigestClient(account, password, _endpoint.Tokens), manualAck: offer.Length == 0);
        return dialled;
    }

    /// <summary>Calls a number as a trunk does.</summary>
    public Dialled Bring(string number)
    {
        var invite = _endpoint.CreateRequest(
            SipMethod.Invite, SipUri.Parse($"sip:{number}@{_worker.Remote}"), NameAddress.Parse("<sip:+12025550100@carrier.example>"),
            NameAddress.Parse($"<sip:{number}@{_worker.Remote}>"), SipUri.Parse($"sip:trunk@{Address}"));
        invite.SetBody(Sdp("8"), "application/sdp");
        var dialled = new Dialled(this);
        dialled.Invite = _endpoint.Invite(invite, _worker, dialled);
        return dialled;
    }

    /// <summary>Rings, and says that it can be told to answer.</summary>
    public Dialog Ring(ServerTransaction transaction, string? allowEvents)
    {
        var contact = SipUri.Parse($"sip:ua@{Address}");
        var ringing = transaction.CreateResponse(180);
        ringing.Headers.Add(HeaderName.Contact, $"<{contact}>");
        if (allowEvents is not null) ringing.Headers.Add(HeaderName.AllowEvents, allowEvents);
        var dialog = Dialog.FromIncoming(transaction, contact)!;
        dialog.User = this;
        _endpoint.Dialogs.Add(dialog);
        transaction.Respond(ringing);
        return dialog;
    }

    /// <summary>Answers an INVITE.</summary>
    public Dialog Answer(ServerTransaction transaction, byte[] sdp, int status = 200, string? contactUri = null, string? allow = null)
    {
        var contact = SipUri.Parse(contactUri ?? $"sip:ua@{Address}");
        var response = transaction.CreateResponse(status);
        response.Headers.Add(HeaderName.Contact, $"<{contact}>");
        if (allow is not null) response.Headers.Add(HeaderName.Allow, allow);
        response.SetBody(sdp, "application/sdp");
        var dialog = Dialog.FromIncoming(transaction, contact)!;
        dialog.User = this;
        _endpoint.Dialogs.Add(dialog);
        transaction.Respond(response);
        return dialog;
    }

    public async Task<SipResponse> AskAsync(
        Dialog dialog, SipMethod method, string? contentType = null, string? body = null, Action<SipHeaders>? add = null)
    {
        var done = new TaskCompletionSource<RequestOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        var request = dialog.CreateRequest(method);
        if (body is not null) request.SetBody(Encoding.ASCII.GetBytes(body), contentType);
        add?.Invoke(request.Headers);
        _endpoint.Request(dialog, request, outcome => done.TrySetResult(outcome));
        return (await done.Task.WaitAsync(Patience.Limit)).Response!;
    }

    /// <summary>Asks the worker to call somebody else in this end's place.</summary>
    public Task<SipResponse> ReferAsync(Dialog dialog, string referTo, Action<SipHeaders>? add = null) => AskAsync(dialog, SipMethod.Refer, add: headers =>
    {
        headers.Add(HeaderName.ReferTo, referTo);
        add?.Invoke(headers);
    });

    /// <summary>Takes the NOTIFY of a transfer, and answers it.</summary>
    /// <returns>The status it tells, and whether it is the last.</returns>
    public async Task<(int Status, bool IsLast)> NotifiedAsync()
    {
        var notify = await InDialogAsync();
        Assert.Equal(SipMethod.Notify, notify.Request.Method);
        Assert.StartsWith("refer", notify.Request.Headers.Get(HeaderName.Event), StringComparison.Ordinal);
        Assert.True(notify.Request.HasContentType("message/sipfrag"));
        Assert.True(SipFragment.TryReadStatus(notify.Request.Body.Span, out var status));
        notify.Respond(200);
        return (status, notify.Request.Headers.Get(HeaderName.SubscriptionState)!.StartsWith("terminated", StringComparison.Ordinal));
    }

    public void OnRequest(ServerTransaction transaction) => _requests.Writer.TryWrite(transaction);

    public void OnDialogRequest(Dialog dialog, ServerTransaction transaction) => _inDialog.Writer.TryWrite(transaction);

    public ValueTask DisposeAsync() => _endpoint.DisposeAsync();

    /// <summary>A call this end has made.</summary>
    public sealed class Dialled(SipUa ua) : IInviteUser
    {
        private readonly Channel<SipResponse> _responses = Channel.CreateUnbounded<SipResponse>();

        private SipResponse? _last;

        public OutgoingInvite Invite { get; set; } = null!;

        public Dialog? Dialog { get; private set; }

        public Dialog? Early { get; private set; }

        /// <summary>The next final response.</summary>
        public async Task<SipResponse> FinalAsync()
        {
            while (true)
            {
                if (await ResponseAsync() is { IsProvisional: false } final) return final;
            }
        }

        /// <summary>The next response above 100.</summary>
        public async Task<SipResponse> ResponseAsync() => await _responses.Reader.ReadAsync().AsTask().WaitAsync(Patience.Limit);

        public void OnProgress(OutgoingInvite invite, SipResponse response, Dialog? early)
        {
            Early = early;
            if (!IsRepeat(response)) _responses.Writer.TryWrite(response);
        }

        // An INVITE that had to be sent again, as on a busy machine, is answered again.
        private bool IsRepeat(SipResponse response)
        {
            var before = _last;
            _last = response;
            return before is not null && before.Status == response.Status && before.To.Tag == response.To.Tag
                && before.Headers.Get(HeaderName.RSeq) == response.Headers.Get(HeaderName.RSeq) && before.Body.Span.SequenceEqual(response.Body.Span);
        }

        public void OnAccepted(OutgoingInvite invite, SipResponse response, Dialog dialog)
        {
            Dialog = dialog;
            _responses.Writer.TryWrite(response);
        }

        public void OnFailed(OutgoingInvite invite, RequestOutcome outcome)
        {
            if (outcome.Response is not null) _responses.Writer.TryWrite(outcome.Response);
        }

        public void OnDialogRequest(Dialog dialog, ServerTransaction transaction) => ua.OnDialogRequest(dialog, transaction);
    }
}
