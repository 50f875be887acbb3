using System.Net;
using System.Net.Sockets;
using System.Text;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Parsing;
using ClickToDial.TestKit.Events;

namespace ClickToDial.TestKit.Phones;

/// <summary>
/// A phone for many calls: it answers every INVITE and every BYE, keeps no more of any call than its id, and makes no sound by itself. Whether it hangs
/// up is asked as soon as it is acknowledged. It sends nothing twice, so what it begins may be lost with a datagram.
/// </summary>
public sealed class AnsweringPeer : IAsyncDisposable
{
    private readonly UdpClient _socket = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _registered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PhoneSettings _settings;
    private readonly Func<string, bool> _hangsUp;
    private readonly Task _receiving;
    private int _sequence;
    private int _answered;
    private readonly HashSet<string> _ended = new(StringComparer.Ordinal);

    /// <param name="hangsUp">By Call-ID: true to hang up at once. Null never does.</param>
    public AnsweringPeer(PhoneSettings settings, Func<string, bool>? hangsUp = null)
    {
        _settings = settings;
        _hangsUp = hangsUp ?? (_ => false);
        Address = (IPEndPoint)_socket.Client.LocalEndPoint!;
        _socket.Client.ReceiveBufferSize = 4 * 1024 * 1024;
        _receiving = ReceiveAsync();
    }

    public IPEndPoint Address { get; }

    /// <summary>Makes the sound of its calls; null for none.</summary>
    public MediaMeter? Media { get; init; }

    /// <summary>Calls acknowledged.</summary>
    public int Answered => Volatile.Read(ref _answered);

    /// <summary>False for so many calls that their ids would count as memory.</summary>
    public bool RemembersEnded { get; init; } = true;

    /// <summary>Call-IDs of the calls that the other end hung up, each once, however often its BYE comes.</summary>
    public EventLog<string> Ended { get; } = new("calls hung up at the answering peer");

    /// <summary>Registers; answers one challenge. It is not refreshed: an hour is asked for.</summary>
    public async Task RegisterAsync()
    {
        await SendAsync(Register(null), _settings.Registrar);
        await _registered.Task.WaitAsync(Patience.Step);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _socket.Dispose();
        await _receiving;
        _stop.Dispose();
    }

    private async Task ReceiveAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var datagram = await _socket.ReceiveAsync(_stop.Token);
                if (MessageParser.ParseDatagram(datagram.Buffer, SipLimits.Default, out var message) != ParseVerdict.Message) continue;
                if (message is SipRequest request) await TakeAsync(request, datagram.RemoteEndPoint);
                else await TakeAsync((SipResponse)message!);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // An ICMP error, or the end.
            }
        }
    }

    private async Task TakeAsync(SipRequest request, IPEndPoint from)
    {
        if (request.Method == SipMethod.Ack)
        {
            Interlocked.Increment(ref _answered);
            if (_hangsUp(request.CallId)) await SendAsync(Bye(request, from), from);
            return;
        }
        if (request.Method == SipMethod.Bye && RemembersEnded && _ended.Add(request.CallId)) Ended.Append(request.CallId);
        var response = new SipResponse(200, "OK", new SipHeaders(8));
        foreach (var name in (HeaderName[])[HeaderName.Via, HeaderName.From, HeaderName.To, HeaderName.CallId, HeaderName.CSeq])
            response.Headers.CopyFrom(request.Headers, name);
        if (request.To.Tag is null) response.Headers.Set(HeaderName.To, request.To.WithTag("peer").ToString());
        if (request.Method == SipMethod.Invite)
        {
            response.Headers.Add(HeaderName.Contact, $"<sip:{_settings.User}@{Address}>");
            response.SetBody(Description(Media?.PortFor(request) ?? 9), PhoneSdp.ContentType);
        }
        await SendAsync(MessageWriter.ToArray(response), from);
    }

    private async Task TakeAsync(SipResponse response)
    {
        if (response.CSeq.Method != SipMethod.Register) return;
        if (response.IsSuccess) _registered.TrySetResult();
        else if (response.Status == 401 && _sequence == 1) await SendAsync(Register(response), _settings.Registrar);
        else _registered.TrySetException(new InvalidOperationException($"The registration was answered with {response.Status}."));
    }

    private byte[] Register(SipResponse? challenge)
    {
        var target = $"sip:{_settings.Domain}";
        var authorization = challenge is null ? "" : "Authorization: "
            + DigestAnswer.To(challenge.Headers.GetAll(HeaderName.WwwAuthenticate), _settings.Digest, _settings.User, _settings.Password, "REGISTER", target)
            + "\r\n";
        return Encoding.ASCII.GetBytes(
            $"REGISTER {target} SIP/2.0\r\nVia: SIP/2.0/UDP {Address};branch=z9hG4bK{Guid.NewGuid():N};rport\r\nMax-Forwards: 70\r\n"
            + $"From: <sip:{_settings.User}@{_settings.Domain}>;tag=r\r\nTo: <sip:{_settings.User}@{_settings.Domain}>\r\nCall-ID: register-{Address.Port}\r\n"
            + $"CSeq: {++_sequence} REGISTER\r\nContact: <sip:{_settings.User}@{Address}>\r\nExpires: 3600\r\n{authorization}Content-Length: 0\r\n\r\n");
    }

    private static byte[] Description(int port) => Encoding.ASCII.GetBytes(
        $"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio {port} RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n");

    // The ACK says all that is needed but the peer's Contact: that is where it came from.
    private byte[] Bye(SipRequest ack, IPEndPoint from) => Encoding.ASCII.GetBytes(
        $"BYE sip:{from} SIP/2.0\r\nVia: SIP/2.0/UDP {Address};branch=z9hG4bK{Guid.NewGuid():N};rport\r\nMax-Forwards: 70\r\n"
        + $"From: {ack.To}\r\nTo: {ack.From}\r\nCall-ID: {ack.CallId}\r\nCSeq: 1 BYE\r\nContent-Length: 0\r\n\r\n");

    private async Task SendAsync(byte[] message, IPEndPoint to) => await _socket.SendAsync(message, to, _stop.Token);
}
