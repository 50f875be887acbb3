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

    /// <summary>Refers whom it talks to to a URI, within the dialog of an INVITE that it has answered (RFC 3515).</summary>
    public Task<SipResponse> ReferAsync(SipRequest invite, string to)
    {
        var request = new SipRequest(SipMethod.Refer, invite.Contact!.Uri);
        request.Headers
            .Add(HeaderName.Via, $"SIP/2.0/{_via} {_host};branch={Via.MagicCookie}{RandomNumberGenerator.GetHexString(16)}")
            .Add(HeaderName.MaxForwards, "70")
            .Add(HeaderName.From, $"{invite.Headers.Get(HeaderName.To)};tag={_tag}")
            .Add(HeaderName.To, invite.Headers.Get(HeaderName.From)!)
            .Add(HeaderName.CallId, invite.Headers.Get(HeaderName.CallId)!)
            .Add(HeaderName.CSeq, $"{++_number} REFER")
            .Add(HeaderName.Contact, Contact)
            .Add(HeaderName.ReferTo, $"<{to}>");
        return AskAsync(request);
    }

    /// <summary>Closes in order, as a page does that is left.</summary>
    public Task CloseAsync() => _socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await _reading;
        _sending.Dispose();
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
