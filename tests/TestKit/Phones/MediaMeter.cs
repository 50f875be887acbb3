using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ClickToDial.Media.Rtp;
using ClickToDial.Sip.Messages;
using ClickToDial.TestKit.Events;

namespace ClickToDial.TestKit.Phones;

/// <summary>
/// The sound of many calls whose other end sends it back: each packet is numbered, and those that come back are counted. One
/// thread for all calls; each call has a socket of its own, whose buffer holds what comes while the thread does not run.
/// </summary>
public sealed class MediaMeter : IDisposable
{
    private const int Payload = 160;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Line> _lines = [];
    private readonly ManualResetEventSlim _stop = new();
    private readonly TaskCompletionSource _allBack = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Thread _thread;
    private readonly byte[] _packet = new byte[RtpHeader.FixedLength + Payload];
    private long _number;
    private long _countedFrom = long.MaxValue;
    private bool _isEnding;

    public MediaMeter()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = "media meter" };
        _thread.Start();
    }

    /// <summary>Calls of which at least one packet came back.</summary>
    public int Echoing
    {
        get { lock (_gate) return _lines.Values.Count(line => line.HasEcho); }
    }

    /// <summary>Packets of all calls since <see cref="Count"/>: sent, and come back.</summary>
    public (long Sent, long Back) Total
    {
        get { lock (_gate) return (_lines.Values.Sum(line => line.Sent), _lines.Values.Sum(line => line.Back)); }
    }

    /// <summary>The calls that lack packets since <see cref="Count"/>, and how many.</summary>
    public IReadOnlyList<string> Missing
    {
        get { lock (_gate) return [.. _lines.Where(line => line.Value.Back != line.Value.Sent).Select(line => $"{line.Key}: {line.Value.Back} of {line.Value.Sent}")]; }
    }

    /// <summary>Where the call's sound is received; the same again for an INVITE that is repeated.</summary>
    public int PortFor(SipRequest invite)
    {
        ArgumentNullException.ThrowIfNull(invite);
        lock (_gate)
        {
            if (!_lines.TryGetValue(invite.CallId, out var line))
                _lines[invite.CallId] = line = new Line(PhoneSdp.Read(invite.Body.Span, PhoneCodec.Pcma).Media);
            return line.Port;
        }
    }

    /// <summary>From here on packets are counted.</summary>
    public void Count()
    {
        lock (_gate) _countedFrom = _number;
    }

    /// <summary>Sends no more; completes when everything counted has come back, or after a while in which it has not.</summary>
    public async Task EndAsync()
    {
        lock (_gate) _isEnding = true;
        await _allBack.Task.WaitAsync(Patience.Step).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose()
    {
        _stop.Set();
        _thread.Join();
        foreach (var line in _lines.Values) line.Dispose();
        _stop.Dispose();
    }

    private void Run()
    {
        var began = Stopwatch.GetTimestamp();
        for (var tick = 1; ; tick++)
        {
            var wait = (Pace * tick) - Stopwatch.GetElapsedTime(began);
            if (_stop.Wait(wait > TimeSpan.Zero ? wait : TimeSpan.Zero)) return;
            lock (_gate) Turn();
        }
    }

    private void Turn()
    {
        foreach (var line in _lines.Values) line.Receive(_countedFrom);
        if (_isEnding)
        {
            if (_lines.Values.All(line => line.Back == line.Sent)) _allBack.TrySetResult();
            return;
        }
        RtpHeader.Write(_packet, (byte)PhoneCodec.Pcma, false, (ushort)_number, (uint)(_number * Payload), 0x5EED);
        BinaryPrimitives.WriteInt64BigEndian(_packet.AsSpan(RtpHeader.FixedLength), _number);
        foreach (var line in _lines.Values) line.Send(_packet, counted: _number >= _countedFrom);
        _number++;
    }

    private sealed class Line : IDisposable
    {
        private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        private readonly SocketAddress _remote;
        private readonly byte[] _buffer = new byte[2048];

        public Line(IPEndPoint remote)
        {
            _remote = remote.Serialize();
            _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        }

        public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

        public bool HasEcho { get; private set; }

        public long Sent { get; private set; }

        public long Back { get; private set; }

        public void Send(byte[] packet, bool counted)
        {
            _socket.SendTo(packet, SocketFlags.None, _remote);
            if (counted) Sent++;
        }

        public void Receive(long countedFrom)
        {
            while (_socket.Available > 0)
            {
                if (_socket.Receive(_buffer) < RtpHeader.FixedLength + sizeof(long)) continue;
                HasEcho = true;
                if (BinaryPrimitives.ReadInt64BigEndian(_buffer.AsSpan(RtpHeader.FixedLength)) >= countedFrom) Back++;
            }
        }

        public void Dispose() => _socket.Dispose();
    }
}
