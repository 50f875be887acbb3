using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using ClickToDial.Media.Rtp;
using ClickToDial.TestKit.Events;

namespace ClickToDial.TestKit.Phones;

/// <summary>The sound of one call of a phone: it says its tone in 20 ms packets, and keeps what it hears.</summary>
internal sealed class PhoneMedia : IAsyncDisposable
{
    private const int FrameSamples = 160;
    private const int EventPackets = 8;
    private const int EndPackets = 3;

    private volatile Socket _socket;
    private readonly CancellationTokenSource _stop = new();
    private readonly Audio.Tone _tone;
    private readonly PhoneCodec _codec;
    private readonly PhoneSpeech _speech;
    private readonly uint _ssrc = BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(4));
    private readonly Queue<byte> _digits = new();
    private readonly short[] _window = new short[HeardSound.Length];
    private readonly Task _receiving;
    private Task _sending = Task.CompletedTask;
    private TelephoneEventReceiver _eventReceiver;
    private volatile PhoneSdp? _remote;
    private int _inWindow;
    private uint _timestamp = BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(4));
    private ushort _sequence = BitConverter.ToUInt16(RandomNumberGenerator.GetBytes(2));
    private long _received;
    private long _sent;

    public PhoneMedia(string name, IPAddress address, double hertz, PhoneCodec codec)
    {
        (_tone, _codec, _speech) = (new Audio.Tone(hertz, PhoneSpeech.SampleRateOf(codec)), codec, new PhoneSpeech(codec));
        Heard = new EventLog<HeardSound>($"sound at {name}");
        Digits = new EventLog<char>($"key presses at {name}");
        _socket = Bound(address);
        _receiving = ReceiveAsync();
    }

    public const byte EventType = 101;

    /// <summary>The number that the peer gave Opus, null while it has not.</summary>
    public byte? OpusType => _remote?.OpusType;

    public IPEndPoint LocalAddress => (IPEndPoint)_socket.LocalEndPoint!;

    public EventLog<HeardSound> Heard { get; }

    /// <summary>Key presses received as telephone events.</summary>
    public EventLog<char> Digits { get; }

    public long PacketsReceived => Interlocked.Read(ref _received);

    public long PacketsSent => Interlocked.Read(ref _sent);

    /// <summary>Begins to send, or goes on under new terms.</summary>
    public void Follow(PhoneSdp remote)
    {
        var isFirst = _remote is null;
        _remote = remote;
        if (isFirst) _sending = SendAsync();
    }

    /// <summary>The key is pressed for 160 ms, in place of the tone.</summary>
    public void Press(char digit)
    {
        var code = TelephoneEvent.FromDigit(digit) ?? throw new ArgumentException("Not a key.", nameof(digit));
        lock (_digits) _digits.Enqueue(code);
    }

    /// <summary>Goes on from another port, and hears nothing at the old one any more: what is seen of a phone whose NAT forgot it.</summary>
    public void Move()
    {
        var old = _socket;
        _socket = Bound(LocalAddress.Address);
        old.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _sending;
        _socket.Dispose();
        await _receiving;
        _speech.Dispose();
        _stop.Dispose();
    }

    private static Socket Bound(IPAddress address)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(address, 0));
        return socket;
    }

    private async Task SendAsync()
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        var packet = new byte[RtpHeader.FixedLength + PhoneSpeech.MaxOctets];
        var samples = new short[_speech.FrameSamples];
        try
        {
            while (await pace.WaitForNextTickAsync(_stop.Token))
            {
                var remote = _remote!;
                if (remote.Direction is "sendonly" or "inactive") continue;
                if (remote.EventType is { } type && TakeDigit() is { } code) await SendEventAsync(remote, type, code, pace);
                _tone.Fill(samples);
                var length = _speech.Encode(samples, packet.AsSpan(RtpHeader.FixedLength));
                await SendAsync(packet.AsMemory(0, RtpHeader.FixedLength + length), PayloadType, PacketsSent == 0, _timestamp, remote);
                _timestamp += _speech.FrameTicks;
            }
        }
        catch (OperationCanceledException)
        {
            // The call is over.
        }
    }

    private byte? TakeDigit()
    {
        lock (_digits) return _digits.TryDequeue(out var code) ? code : null;
    }

    // RFC 4733 section 2.5.1: one timestamp for the press, growing duration, the end told three times.
    private async Task SendEventAsync(PhoneSdp remote, byte type, byte code, PeriodicTimer pace)
    {
        var packet = new byte[RtpHeader.FixedLength + TelephoneEvent.Length];
        for (var i = 1; i <= EventPackets + EndPackets - 1; i++)
        {
            var duration = (ushort)(Math.Min(i, EventPackets) * FrameSamples);
            new TelephoneEvent(code, i >= EventPackets, 10, duration).Write(packet.AsSpan(RtpHeader.FixedLength));
            await SendAsync(packet, type, i == 1, _timestamp, remote);
            if (i < EventPackets) await pace.WaitForNextTickAsync(_stop.Token);
        }
        _timestamp += EventPackets * _speech.FrameTicks;
    }

    private byte PayloadType => _codec == PhoneCodec.Opus ? OpusType ?? (byte)_codec : (byte)_codec;

    private async Task SendAsync(Memory<byte> packet, byte type, bool marker, uint timestamp, PhoneSdp remote)
    {
        RtpHeader.Write(packet.Span, type, marker, _sequence++, timestamp, _ssrc);
        try
        {
            await _socket.SendToAsync(packet, SocketFlags.None, remote.Media, _stop.Token);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The other side's port is closed already, or ours was left: as with any network, the packet is lost.
        }
        Interlocked.Increment(ref _sent);
    }

    private async Task ReceiveAsync()
    {
        var packet = new byte[2048];
        var anyone = new IPEndPoint(LocalAddress.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var result = await _socket.ReceiveFromAsync(packet, SocketFlags.None, anyone, _stop.Token);
                Hear(packet.AsSpan(0, result.ReceivedBytes));
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // An ICMP error of an earlier packet, another port, or the end of the call.
            }
        }
    }

    private void Hear(ReadOnlySpan<byte> packet)
    {
        if (RtpHeader.IsRtcp(packet) || !RtpHeader.TryRead(packet, out var header)) return; // Reports for whoever has the port below.
        var payload = packet.Slice(header.HeaderLength, header.PayloadLength);
        var received = Interlocked.Increment(ref _received);
        if (header.PayloadType == EventType)
        {
            if (_eventReceiver.Accept(header, payload, out var digit)) Digits.Append(digit);
            return;
        }
        foreach (var sample in _speech.Decode(header.PayloadType, payload))
        {
            _window[_inWindow++] = sample;
            if (_inWindow < _window.Length) continue;
            _inWindow = 0;
            Heard.Append(new HeardSound(received, [.. _window]));
        }
    }
}
