using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Security.Cryptography;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Parsing;
using ClickToDial.Sip.Transport;
using ClickToDial.TestKit.Events;

namespace ClickToDial.TestKit.Phones;

/// <summary>
/// What a browser's SIP client does on the wire, without sound (RFC 7118): it opens a WebSocket with subprotocol "sip", says
/// <c>.invalid</c> addresses because it has none, registers with digest, and hears requests on the same socket.
/// </summary>
public sealed class WebSocketPhone : IAsyncDisposable
{
    private readonly ClientWebSocket _socket;
    private readonly string _account;
    private readonly string _login;
    private readonly string _domain;
    private readonly string _password;
    private readonly string _host = $"{RandomNumberGenerator.GetHexString(12, lowercase: true)}.invalid";
    private readonly string _callId = $"{Guid.NewGuid():N}";
    private readonly string _tag = RandomNumberGenerator.GetHexString(10, lowercase: true);
    private readonly ConcurrentDictionary<string, TaskCompletionSource<SipResponse>> _asked = new();
    private readonly SemaphoreSlim _sending = new(1);
    private readonly string _via;
    private readonly Task _reading;
    private uint _number;

    private WebSocketPhone(ClientWebSocket socket, Uri server, string account, string domain, string password, string login)
    {
        (_socket, _account, _domain, _password, _login) = (socket, account, domain, password, login);
        _via = server.Scheme == "wss" ? "WSS" : "WS";
        Requests = new EventLog<SipRequest>($"requests at {account}");
        _reading = ReadAsync();
    }

    /// <summary>A session token, presented with every REGISTER (RFC 8898); null for digest.</summary>
    public string? Bearer { get; set; }

    /// <summary>What was asked of it.</summary>
    public EventLog<SipRequest> Requests { get; }

    /// <summary>The Contact it registers.</summary>
    public string Contact => $"<sip:{_account}@{_host};transport=ws>";

    /// <param name="login">The user name for digest, where it is not the account.</param>
    /// <exception cref="WebSocketException">The upgrade is refused.</exception>
    public static async Task<WebSocketPhone> ConnectAsync(
        Uri server, string account, string domain, string password, string? origin = null, string subprotocol = WebSocketTransport.Subprotocol,
        System.Net.Security.RemoteCertificateValidationCallback? trust = null, string? login = null)
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol(subprotocol);
        if (origin is not null) socket.Options.SetRequestHeader("Origin", origin);
        if (trust is not null) socket.Options.RemoteCertificateValidationCallback = trust;
        try
        {
            using var patience = new CancellationTokenSource(Patience.Step);
            await socket.ConnectAsync(server, patience.Token);
            return new WebSocketPhone(socket, server, account, domain, password, login ?? account);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Registers, answering one challenge.</summary>
    /// <param name="parameters">Of the Contact, such as <c>;reg-id=1</c>.</param>
    public async Task<SipResponse> RegisterAsync(int seconds = 300, string parameters = "")
    {
        var response = await AskAsync(NewRegister(seconds, parameters, null));
        if (response.Status != 401 || Bearer is not null) return response;
        var answer = DigestAnswer.To(
            response.Headers.GetAll(HeaderName.WwwAuthenticate), "MD5", _login, _password, SipMethod.Register.Name, $"sip:{_domain}");
        return await AskAsync(NewRegister(seconds, parameters, answer));
    }

    /// <summary>Waits for a request.</summary>
    public Task<SipRequest> RequestAsync(SipMethod method) => Requests.WaitAsync(request => request.Method == method, $"a {method}");

    /// <summary>Answers a request on the socket it came by.</summary>
    public Task AnswerAsync(SipRequest request, int status, byte[]? body = null)
    {
        var response = PhoneDialog.NewResponse(request, status, _tag);
        response.Headers.Set(HeaderName.Contact, Contact);
        if (body is not null) response.SetBody(body, "application/sdp");
        return SendAsync(response);
    }

    /// <summary>Calls somebody, shows the token, and acknowledges what it is answered.</summary>
    public async Task<(SipRequest Invite, SipResponse Answer)> CallAsync(string to, byte[] offer, Action<SipHeaders>? with = null)
    {
        var invite = NewRequest(SipMethod.Invite, SipUri.Parse($"sip:{to}@{_domain}"), $"<sip:{_account}@{_domain}>;tag={_tag}", $"<sip:{to}@{_domain}>", $"{Guid.NewGuid():N}");
        invite.Headers.Add(HeaderName.ProxyAuthorization, $"Bearer {Bearer}");
        with?.Invoke(invite.Headers);
        invite.SetBody(offer, "application/sdp");
        var answer = await AskAsync(invite);
        await AcknowledgeAsync(invite, answer);
        return (invite, answer);
    }

    /// <summary>Asks within the dialog of a call that it has made; offers anew by INVITE.</summary>
    public async Task<SipResponse> AskAsync((SipRequest Invite, SipResponse Answer) call, SipMethod method, string contentType, byte[] body)
    {
        var headers = call.Answer.Headers;
        var request = NewRequest(method, call.Answer.Contact!.Uri, headers.Get(HeaderName.From)!, headers.Get(HeaderName.To)!, headers.Get(HeaderName.CallId)!);
        request.SetBody(body, contentType);
        var answer = await AskAsync(request);
        if (method == SipMethod.Invite) await AcknowledgeAsync(request, answer);
        return answer;
    }

    /// <summary>Refers whom it talks to to a URI, within the dialog of an INVITE that it has answered (RFC 3515).</summary>
    public Task<SipResponse> ReferAsync(SipRequest invite, string to)
    {
        var request = Within(invite, SipMethod.Refer);
        request.Headers.Add(HeaderName.ReferTo, $"<{to}>");
        return AskAsync(request);
    }

    /// <summary>Hangs up a call that it has answered.</summary>
    public Task<SipResponse> HangUpAsync(SipRequest invite) => AskAsync(Within(invite, SipMethod.Bye));

    /// <summary>Closes in order, as a page does that is left.</summary>
    public Task CloseAsync() => _socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await _reading;
        _sending.Dispose();
    }

    private SipRequest Within(SipRequest invite, SipMethod method)
    {
        var headers = invite.Headers;
        var request = NewRequest(method, invite.Contact!.Uri, $"{headers.Get(HeaderName.To)};tag={_tag}", headers.Get(HeaderName.From)!, headers.Get(HeaderName.CallId)!);
        foreach (var route in headers.GetList(HeaderName.RecordRoute)) request.Headers.Add(HeaderName.Route, route);
        return request;
    }

    private SipRequest NewRequest(SipMethod method, SipUri target, string from, string to, string callId)
    {
        var request = new SipRequest(method, target);
        request.Headers
            .Add(HeaderName.Via, $"SIP/2.0/{_via} {_host};branch={Via.MagicCookie}{RandomNumberGenerator.GetHexString(16)}")
            .Add(HeaderName.MaxForwards, "70")
            .Add(HeaderName.From, from)
            .Add(HeaderName.To, to)
            .Add(HeaderName.CallId, callId)
            .Add(HeaderName.CSeq, $"{++_number} {method.Name}")
            .Add(HeaderName.Contact, Contact);
        return request;
    }

    // RFC 3261 sections 13.2.2.4 and 17.1.1.3: of a success it is a request of its own, else it belongs to the INVITE.
    private Task AcknowledgeAsync(SipRequest invite, SipResponse answer)
    {
        var headers = answer.Headers;
        var target = answer.Status < 300 ? answer.Contact!.Uri : invite.Uri;
        var ack = NewRequest(SipMethod.Ack, target, headers.Get(HeaderName.From)!, headers.Get(HeaderName.To)!, headers.Get(HeaderName.CallId)!);
        if (answer.Status >= 300) ack.Headers.Set(HeaderName.Via, invite.Headers.Get(HeaderName.Via)!);
        ack.Headers.Set(HeaderName.CSeq, $"{invite.CSeq.Number} ACK");
        return SendAsync(ack);
    }

    private SipRequest NewRegister(int seconds, string parameters, string? authorization)
    {
        var request = new SipRequest(SipMethod.Register, SipUri.Parse($"sip:{_domain}"));
        request.Headers
            .Add(HeaderName.Via, $"SIP/2.0/{_via} {_host};branch={Via.MagicCookie}{RandomNumberGenerator.GetHexString(16)}")
            .Add(HeaderName.MaxForwards, "70")
            .Add(HeaderName.From, $"<sip:{_account}@{_domain}>;tag={_tag}")
            .Add(HeaderName.To, $"<sip:{_account}@{_domain}>")
            .Add(HeaderName.CallId, _callId)
            .Add(HeaderName.CSeq, $"{++_number} REGISTER")
            .Add(HeaderName.Supported, "path, outbound")
            .Add(HeaderName.Contact, Contact + parameters)
            .Add(HeaderName.Expires, $"{seconds}");
        if (Bearer is not null) request.Headers.Add(HeaderName.Authorization, $"Bearer {Bearer}");
        if (authorization is not null) request.Headers.Add(HeaderName.Authorization, authorization);
        return request;
    }

    private async Task<SipResponse> AskAsync(SipRequest request)
    {
        var answer = new TaskCompletionSource<SipResponse>(TaskCreationOptions.RunContinuationsAsynchronously);
        _asked[request.TopVia.Branch!] = answer;
        await SendAsync(request);
        return await answer.Task.WaitAsync(Patience.Step);
    }

    private async Task SendAsync(SipMessage message)
    {
        await _sending.WaitAsync();
        try
        {
            await _socket.SendAsync(MessageWriter.ToArray(message), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        }
        finally
        {
            _sending.Release();
        }
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[65_536];
        var length = 0;
        try
        {
            while (await _socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None) is { MessageType: not WebSocketMessageType.Close } got)
            {
                length += got.Count;
                if (!got.EndOfMessage) continue;
                if (MessageParser.ParseDatagram(buffer.AsSpan(0, length), SipLimits.Default, out var message) == ParseVerdict.Message) Take(message!);
                length = 0;
            }
            Requests.Close("the socket was closed");
        }
        catch (Exception e) when (e is WebSocketException or ObjectDisposedException or OperationCanceledException)
        {
            Requests.Close("the socket is gone");
        }
    }

    private void Take(SipMessage message)
    {
        if (message is SipRequest request) Requests.Append(request);
        else if (message is SipResponse { IsProvisional: false } response && _asked.TryRemove(response.TopVia.Branch ?? "", out var asked)) asked.TrySetResult(response);
    }
}
