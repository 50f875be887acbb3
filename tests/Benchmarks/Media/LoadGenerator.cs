using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;
using ClickToDial.Media.Linux;
using ClickToDial.Media.Rtp;

namespace ClickToDial.Benchmarks.Media;

/// <summary>What one load showed. Delay is from before the send to after the receive, generator included.</summary>
/// <param name="Unmeasured">Share of what came whose delay is nobody's but the generator's, 0 to 1.</param>
internal sealed record LoadResult(long Sent, long Received, double DelayP50, double DelayP99, double DelayMax, double Unmeasured)
{
    public long Lost => Sent - Received;
}

/// <summary>When the phones of a load send.</summary>
internal enum LoadShape
{
    /// <summary>Over the 20 ms each phone has a moment of its own, evenly apart, as with many phones of many makers.</summary>
    Even,

    /// <summary>
    /// What is due within a millisecond leaves together at its end, as from programs with many calls that a timer of one millisecond
    /// wakes: load generators, media servers, banks of soft phones.
    /// </summary>
    Ticks,
}

/// <summary>
/// Phones: each sends 50 packets/s of 172 octets and receives its partner's. The send time travels in the payload. One thread, on the epoll engine without coalescing; it never sleeps while
/// it loads, so that no server pays for waking it and delay is seen when it happens. When the scheduler has taken it off its processor all the
/// same, the packets that waited for it, and those of the burst with which it catches up, say nothing of the server: they are counted, but
/// their delay is not.
/// </summary>
internal sealed unsafe class LoadGenerator : IPacketSink, IDisposable
{
    private const int PacketLength = 172;
    private const int Interval = 20; // ms
    private const long Tick = 1_000_000; // ns
    private const uint Measured = 0x4D454153;

    // Shorter absences hide in the spread of what is measured.
    private const long Absence = 100_000; // ns

    // So long a server may be busy with what came in a burst.
    private const long Settling = 2_000_000; // ns
    private readonly MediaClock _clock = new(TimeProvider.System);
    private readonly EpollEngine _engine;
    private readonly int[] _sockets;
    private readonly ushort[] _sequence;
    private readonly List<long> _delays = [];
    private readonly byte* _packet = (byte*)NativeMemory.AllocZeroed(PacketLength);
    private long _received;
    private bool _measuring;
    private long _lastWall;
    private long _lastOwn;
    private long _sentBeforeIsVoid;

    public LoadGenerator(int phones)
    {
        _engine = new EpollEngine(_clock, TimeSpan.Zero);
        _sockets = new int[phones];
        _sequence = new ushort[phones];
        Ports = new int[phones];
        var port = 40000;
        for (var i = 0; i < phones; i++)
        {
            do
            {
                port += 2;
                _sockets[i] = UdpSocket.Open(IPAddress.Loopback, port);
            }
            while (_sockets[i] < 0);
            Ports[i] = port;
            _engine.Add(_sockets[i], (ulong)i);
        }
    }

    public int[] Ports { get; }

    public void BeginBatch()
    {
        var (wall, own) = (_clock.Nanoseconds, ThreadTime.Nanoseconds);
        if (wall - _lastWall - (own - _lastOwn) > Absence) _sentBeforeIsVoid = wall;
        (_lastWall, _lastOwn) = (wall, own);
    }

    public void OnPacket(ulong key, byte* data, int length, in SocketName from)
    {
        if (!_measuring || length != PacketLength || *(uint*)(data + 20) != Measured) return;
        _received++;
        var sent = *(long*)(data + 12);
        if (sent > _sentBeforeIsVoid) _delays.Add(_clock.Nanoseconds - sent);
    }

    public void OnReleased(ulong key) => throw new NotSupportedException("The phones keep their sockets.");

    /// <summary>Loads the relay: first unmeasured, then for the measured time.</summary>
    /// <param name="relayPorts">Where each phone sends to.</param>
    /// <param name="onMeasure">Called when the measured time begins and, with true, when its sending has ended.</param>
    public LoadResult Run(int[] relayPorts, TimeSpan warmUp, TimeSpan measured, Action<bool> onMeasure, LoadShape shape = LoadShape.Even)
    {
        var names = relayPorts.Select(port => SocketName.From(IPAddress.Loopback, port)).ToArray();
        _delays.Clear();
        _delays.EnsureCapacity((int)(measured.TotalSeconds * _sockets.Length * 50 * 1.1));
        _received = 0;
        _measuring = false;
        SendFor(names, warmUp, mark: 0, shape);
        _measuring = true;
        onMeasure(false);
        var sent = SendFor(names, measured, Measured, shape);
        onMeasure(true);
        var end = _clock.Nanoseconds + 500_000_000;
        while (_received < sent && _clock.Nanoseconds < end) _engine.Wait(0, this);
        _delays.Sort();
        return new LoadResult(sent, _received, Percentile(0.5), Percentile(0.99), Percentile(1), 1 - ((double)_delays.Count / Math.Max(1, _received)));
    }

    public void Dispose()
    {
        _engine.Dispose();
        NativeMemory.Free(_packet);
    }

    private double Percentile(double share) =>
        _delays.Count == 0 ? double.NaN : _delays[Math.Min(_delays.Count - 1, (int)(share * _delays.Count))] / 1000.0;

    // Evenly spread, no two phones are in step: phones that send together make a gift of their batch to every server. What is late is
    // sent at once, so the rate holds. Within a tick, what comes back is taken between any two sends, as phones would.
    private long SendFor(SocketName[] names, TimeSpan time, uint mark, LoadShape shape)
    {
        var start = _clock.Nanoseconds;
        var packets = (long)(time.TotalMilliseconds / Interval) * _sockets.Length;
        var before = 0L;
        for (long packet = 0; packet < packets; packet++)
        {
            var due = packet * Interval * 1_000_000 / _sockets.Length;
            if (shape == LoadShape.Ticks) due = ((due / Tick) + 1) * Tick;
            do _engine.Wait(0, this);
            while (_clock.Nanoseconds < start + due);
            if (due != before && _clock.Nanoseconds - start - due > Absence) _sentBeforeIsVoid = _clock.Nanoseconds + Settling;
            before = due;
            var phone = (int)(packet % _sockets.Length);
            Send(phone, names[phone], (uint)(packet / _sockets.Length * 160), mark);
        }
        return packets;
    }

    private void Send(int phone, SocketName to, uint timestamp, uint mark)
    {
        RtpHeader.Write(new Span<byte>(_packet, PacketLength), 0, marker: false, _sequence[phone]++, timestamp, (uint)(0x1000 + phone));
        *(uint*)(_packet + 20) = mark;
        *(long*)(_packet + 12) = _clock.Nanoseconds;
        if (Native.SendTo(_sockets[phone], _packet, PacketLength, Native.MsgDontWait, &to, (uint)to.Length) < 0)
            throw new IOException($"The generator could not send: errno {Marshal.GetLastPInvokeError()}.");
    }
}
