using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using ClickToDial.Media.Dtls;
using ClickToDial.Media.Rtp;
using ClickToDial.Media.Srtp;
using ClickToDial.Media.Stun;
using ClickToDial.TestKit.Events;

namespace ClickToDial.TestKit.Browser;

/// <summary>What a description says of its writer's end, read apart from the product's own reader.</summary>
public sealed record WireEnd(IPEndPoint Address, string Fragment, string Password, string Fingerprint, string Setup, bool HasTcp)
{
    /// <exception cref="InvalidDataException">Something that a browser needs is missing.</exception>
    public static WireEnd Read(string sdp)
    {
        var lines = sdp.Split("\r\n");
        var candidate = Of("a=candidate:").Split(' ');
        return new WireEnd(
            new IPEndPoint(IPAddress.Parse(candidate[4]), int.Parse(candidate[5], CultureInfo.InvariantCulture)),
            Of("a=ice-ufrag:"), Of("a=ice-pwd:"), Of("a=fingerprint:"), Of("a=setup:"),
            lines.Any(line => line.Contains("tcptype passive", StringComparison.Ordinal)));

        string Of(string prefix) => lines.FirstOrDefault(line => line.StartsWith(prefix, StringComparison.Ordinal))?[prefix.Length..]
            ?? throw new InvalidDataException($"The description has no {prefix}");
    }
}

/// <summary>
/// The media of a browser on the wire, without one: it checks connectivity (RFC 8445, controlling), shakes hands by DTLS and speaks SRTP. RTP
/// goes in and comes out plain. By UDP, or by TCP with the framing of RFC 4571.
/// </summary>
public sealed class WireBrowser : IAsyncDisposable
{
    private readonly DtlsContext _context = DtlsContext.Create(TimeProvider.System);
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<byte[]> _rtp = Channel.CreateUnbounded<byte[]>();
    private readonly Channel<byte[]> _rtcp = Channel.CreateUnbounded<byte[]>();
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _secured = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Socket? _socket;
    private Task _reading = Task.CompletedTask;
    private TaskCompletionSource<StunClass> _checked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DtlsSession? _dtls;
    private SrtpSession? _out;
    private SrtpSession? _in;
    private bool _isTcp;

    public string Fragment { get; private set; } = RandomNumberGenerator.GetHexString(4);

    public string Password { get; private set; } = RandomNumberGenerator.GetHexString(24);

    /// <summary>Told in its descriptions; a test may tell another.</summary>
    public string Fingerprint { get; set; }

    public uint Ssrc { get; init; } = 0x0B0B0B0B;

    public WireBrowser() => Fingerprint = _context.Fingerprint.ToString();

    /// <summary>What the handshake settled on for SRTP (RFC 5764 section 4.1.2); null before.</summary>
    public SrtpProfile? Protection { get; private set; }

    /// <summary>Its session, for what a test wants to know of it.</summary>
    public DtlsState State => _dtls?.State ?? DtlsState.Handshaking;

    public IPEndPoint LocalAddress => (IPEndPoint)_socket!.LocalEndPoint!;

    /// <summary>Begins ICE anew.</summary>
    public void Restart() => (Fragment, Password) = (RandomNumberGenerator.GetHexString(4), RandomNumberGenerator.GetHexString(24));

    /// <summary>A description as Chromium writes it, with a candidate that hides its address behind mDNS.</summary>
    public string Describe(string setup, string direction = "sendrecv", string codecs = "111 0 8 110 126")
    {
        var text = new StringBuilder($"""
            v=0
            o=- 1 2 IN IP4 127.0.0.1
            s=-
            t=0 0
            a=group:BUNDLE 0
            a=extmap-allow-mixed
            a=msid-semantic: WMS stream
            m=audio 9 UDP/TLS/RTP/SAVPF {codecs}
            c=IN IP4 0.0.0.0
            a=rtcp:9 IN IP4 0.0.0.0
            a=candidate:1 1 udp 2113937151 f5b19c4e-8e1b-4c0a-9f5e-1f0d6a3f0001.local 40000 typ host generation 0 network-cost 999
            a=ice-ufrag:{Fragment}
            a=ice-pwd:{Password}
            a=ice-options:trickle
            a=fingerprint:{Fingerprint}
            a=setup:{setup}
            a=mid:0
            a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level
            a={direction}
            a=msid:stream track
            a=rtcp-mux
            a=rtcp-rsize
            a=rtpmap:111 opus/48000/2
            a=rtcp-fb:111 transport-cc
            a=fmtp:111 minptime=10;useinbandfec=1
            a=rtpmap:0 PCMU/8000
            a=rtpmap:8 PCMA/8000
            a=rtpmap:110 telephone-event/48000
            a=rtpmap:126 telephone-event/8000
            a=ssrc:{Ssrc} cname:browser

            """);
        return text.ToString().ReplaceLineEndings("\r\n");
    }

    /// <summary>Checks the far end until it answers, chooses that path, and shakes hands.</summary>
    /// <param name="active">It begins the handshake.</param>
    public async Task ConnectAsync(WireEnd end, bool active, bool tcp = false)
    {
        await OpenAsync(end, tcp);
        await CheckAsync(end, nominate: true);
        lock (_gate)
        {
            _dtls = new DtlsSession(_context, active ? DtlsRole.Active : DtlsRole.Passive);
            if (active) _dtls.Start();
            Flush();
        }
        await ShakeAsync();
    }

    /// <summary>Opens a socket of its own; an older one is left behind, as by a laptop that changes its network.</summary>
    public async Task OpenAsync(WireEnd end, bool tcp = false)
    {
        _isTcp = tcp;
        var socket = new Socket(AddressFamily.InterNetwork, tcp ? SocketType.Stream : SocketType.Dgram, tcp ? ProtocolType.Tcp : ProtocolType.Udp);
        await socket.ConnectAsync(end.Address);
        var old = _socket;
        _socket = socket;
        old?.Dispose();
        await _reading;
        _reading = ReadAsync(socket);
    }

    /// <summary>One check of connectivity, repeated until it is answered.</summary>
    /// <returns>The class of the answer.</returns>
    public async Task<StunClass> CheckAsync(WireEnd end, bool nominate = false)
    {
        _checked = new TaskCompletionSource<StunClass>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var patience = new CancellationTokenSource(Patience.Step);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!_checked.Task.IsCompleted)
        {
            Send(NewCheck(end, nominate));
            await Task.WhenAny(_checked.Task, pace.WaitForNextTickAsync(patience.Token).AsTask());
            patience.Token.ThrowIfCancellationRequested();
        }
        return await _checked.Task;
    }

    /// <summary>Sends what it is given as it is.</summary>
    public void SendRaw(ReadOnlySpan<byte> datagram) => Send(datagram);

    public void SendRtp(byte payloadType, ushort sequence, uint timestamp, ReadOnlySpan<byte> payload)
    {
        var packet = new byte[RtpHeader.FixedLength + payload.Length + 64];
        RtpHeader.Write(packet, payloadType, false, sequence, timestamp, Ssrc);
        payload.CopyTo(packet.AsSpan(RtpHeader.FixedLength));
        if (_out!.ProtectRtp(packet, RtpHeader.FixedLength + payload.Length, out var length) == SrtpVerdict.Accepted) Send(packet.AsSpan(0, length));
    }

    /// <summary>The next RTP packet, plain again.</summary>
    public async Task<byte[]> ReceiveRtpAsync() => await _rtp.Reader.ReadAsync(_stop.Token).AsTask().WaitAsync(Patience.Step);

    /// <summary>The next RTCP datagram, plain again.</summary>
    public async Task<byte[]> ReceiveRtcpAsync() => await _rtcp.Reader.ReadAsync(_stop.Token).AsTask().WaitAsync(Patience.Step);

    /// <summary>
    /// Reads no more: whoever asks goes on with the socket and the session by which it speaks, as a load on one thread must. They are disposed
    /// with the browser.
    /// </summary>
    public async Task<(Socket Socket, SrtpSession Out)> HandOverAsync()
    {
        await _secured.Task.WaitAsync(Patience.Step);
        await _stop.CancelAsync();
        await _reading;
        return (_socket!, _out!);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _socket?.Dispose();
        await _reading;
        lock (_gate)
        {
            _dtls?.Dispose();
            _out?.Dispose();
            _in?.Dispose();
        }
        _context.Dispose();
        _stop.Dispose();
    }

    /// <summary>Says again what is not answered (RFC 6347 section 4.2.4): a far end that knows of the path a moment later has not heard it.</summary>
    private async Task ShakeAsync()
    {
        using var patience = new CancellationTokenSource(Patience.Step);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await Task.WhenAny(_secured.Task, pace.WaitForNextTickAsync(patience.Token).AsTask()) != _secured.Task)
        {
            patience.Token.ThrowIfCancellationRequested();
            lock (_gate)
            {
                if (_dtls!.TimeoutIn is not { } left || left > TimeSpan.Zero) continue;
                _dtls.OnTimeout();
                Flush();
            }
        }
    }

    private byte[] NewCheck(WireEnd end, bool nominate)
    {
        var writer = new StunWriter(new byte[256], StunClass.Request, StunMessage.Binding, RandomNumberGenerator.GetBytes(StunMessage.TransactionIdLength));
        writer.Add(StunAttributeType.UserName, Encoding.ASCII.GetBytes($"{end.Fragment}:{Fragment}"));
        writer.Add((StunAttributeType)0xC057, 0x000103E7u); // what Chromium says of its network; unknown, and not to be understood
        writer.Add(StunAttributeType.IceControlling, 0x1122334455667788ul);
        if (nominate) writer.Add(StunAttributeType.UseCandidate, []);
        writer.Add(StunAttributeType.Priority, 1853817087u);
        writer.AddIntegrity(Encoding.ASCII.GetBytes(end.Password));
        writer.AddFingerprint();
        return writer.Written.ToArray();
    }

    // Ours never asks; a far end that is no ICE-lite does.
    private byte[] AnswerTo(StunMessage check)
    {
        var far = (IPEndPoint)_socket!.RemoteEndPoint!;
        var writer = new StunWriter(new byte[256], StunClass.Success, StunMessage.Binding, check.TransactionId);
        writer.AddXorMappedAddress(far.Address.GetAddressBytes(), far.Port);
        writer.AddIntegrity(Encoding.ASCII.GetBytes(Password));
        writer.AddFingerprint();
        return writer.Written.ToArray();
    }

    private void Send(ReadOnlySpan<byte> datagram)
    {
        if (!_isTcp)
        {
            _socket!.Send(datagram);
            return;
        }
        Span<byte> frame = new byte[2 + datagram.Length];
        frame[0] = (byte)(datagram.Length >> 8);
        frame[1] = (byte)datagram.Length;
        datagram.CopyTo(frame[2..]);
        _socket!.Send(frame);
    }

    private async Task ReadAsync(Socket socket)
    {
        var buffer = new byte[4096];
        try
        {
            while (true)
            {
                if (!_isTcp) Take(buffer.AsSpan(0, await socket.ReceiveAsync(buffer, SocketFlags.None, _stop.Token)));
                else
                {
                    if (!await FillAsync(socket, buffer.AsMemory(0, 2))) return;
                    var length = (buffer[0] << 8) | buffer[1];
                    if (!await FillAsync(socket, buffer.AsMemory(0, length))) return;
                    Take(buffer.AsSpan(0, length));
                }
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Left behind, or the test is over.
        }
    }

    private async Task<bool> FillAsync(Socket socket, Memory<byte> destination)
    {
        for (; !destination.IsEmpty;)
        {
            var got = await socket.ReceiveAsync(destination, SocketFlags.None, _stop.Token);
            if (got == 0) return false;
            destination = destination[got..];
        }
        return true;
    }

    private void Take(Span<byte> datagram)
    {
        if (datagram.IsEmpty) return;
        lock (_gate)
        {
            if (datagram[0] < 4) TakeStun(datagram);
            else if (datagram[0] is >= 20 and < 64) TakeDtls(datagram);
            else if (_in is not null) TakeMedia(datagram);
        }
    }

    private void TakeStun(ReadOnlySpan<byte> datagram)
    {
        if (!StunMessage.TryRead(datagram, out var message)) return;
        if (message.Class is StunClass.Success or StunClass.Error) _checked.TrySetResult(message.Class);
        else if (message.Class == StunClass.Request && message.HasIntegrity(Encoding.ASCII.GetBytes(Password))) Send(AnswerTo(message));
    }

    private void TakeDtls(ReadOnlySpan<byte> datagram)
    {
        if (_dtls is not { } session) return;
        session.Receive(datagram);
        Flush();
        if (session.State != DtlsState.Established || _out is not null || session.ExportKeys() is not { } keys) return;
        Protection = keys.Local.Profile;
        _out = SrtpSession.OpenSender(keys.Local);
        _in = SrtpSession.OpenReceiver(keys.Remote);
        _secured.TrySetResult();
    }

    private void Flush()
    {
        Span<byte> buffer = stackalloc byte[DtlsSession.MaxReceived];
        while (_dtls!.TryTake(buffer, out var length)) Send(buffer[..length]);
    }

    private void TakeMedia(Span<byte> datagram)
    {
        var isRtcp = datagram[1] is >= 192 and < 224;
        var verdict = isRtcp ? _in!.UnprotectRtcp(datagram, out var length) : _in!.UnprotectRtp(datagram, out length);
        if (verdict == SrtpVerdict.Accepted) (isRtcp ? _rtcp : _rtp).Writer.TryWrite(datagram[..length].ToArray());
    }
}
