using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;
using ClickToDial.Media.Linux;
using ClickToDial.Media.Rtp;

namespace ClickToDial.Benchmarks.Media;

/// <summary>What one load showed. Delay is from before the send to after the receive, generator included.</summary>
internal sealed record LoadResult(long Sent, long Received, double DelayP50, double DelayP99, double DelayMax)
{
    public long Lost => Sent - Received;
}

/// <summary>
/// Phones: each sends 50 packets/s of 172 octets and receives its partner's. Streams are spread over the 20 ms, as those of
/// real calls are. The send time travels in the payload. One thread, on the epoll engine without coalescing; it never sleeps while
/// it loads, so that no server pays for waking it and delay is seen when it happens.
/// </summary>
internal sealed unsafe class LoadGenerator : IPacketSink, IDisposable
{
    private const int PacketLength = 172;
    private const int Interval = 20; // ms
    private const uint Measured = 0x4D454153;
    private readonly MediaClock _clock = new(TimeProvider.System);
    private readonly EpollEngine _engine;
    private readonly int[] _sockets;
    private readonly ushort[] _sequence;
    private readonly List<long> _delays = [];
    private readonly byte* _packet = (byte*)NativeMemory.AllocZeroed(PacketLength);
    private long _received;
    private bool _measuring;

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
        // Delay is taken per packet, not per batch.
    }

    public void OnPacket(ulong key, byte* data, int length, in SocketName from)
    {
        if (!_measuring || length != PacketLength || *(uint*)(data + 20) != Measured) return;
        _received++;
        _delays.Add(_clock.Nanoseconds - *(long*)(data + 12));
    }

    /// <summary>Loads the relay: first unmeasured, then for the measured time.</summary>
    /// <param name="relayPorts">Where each phone sends to.</param>
    /// <param name="onMeasure">Called when the measured time begins and, with true, when its sending has ended.</param>
    public LoadResult Run(int[] relayPorts, TimeSpan warmUp, TimeSpan measured, Action<bool> onMeasure)
    {
        var names = relayPorts.Select(port => SocketName.From(IPAddress.Loopback, port)).ToArray();
        _delays.Clear();
        _delays.EnsureCapacity((int)(measured.TotalSeconds * _sockets.Length * 50 * 1.1));
        _received = 0;
        _measuring = false;
        SendFor(names, warmUp, mark: 0);
        _measuring = true;
        onMeasure(false);
        var sent = SendFor(names, measured, Measured);
        onMeasure(true);
        var end = _clock.Nanoseconds + 500_000_000;
        while (_received < sent && _clock.Nanoseconds < end) _engine.Wait(0, this);
        _delays.Sort();
        return new LoadResult(sent, _received, Percentile(0.5), Percentile(0.99), Percentile(1));
    }

    public void Dispose()
    {
        _engine.Dispose();
        NativeMemory.Free(_packet);
    }

    private double Percentile(double share) =>
        _delays.Count == 0 ? double.NaN : _delays[Math.Min(_delays.Count - 1, (int)(share * _delays.Count))] / 1000.0;

    // Each millisecond the phones whose turn it is; a slot that is late is sent at once, so the rate holds.
    private long SendFor(SocketName[] names, TimeSpan time, uint mark)
    {
        var start = _clock.Nanoseconds;
        var slots = (long)time.TotalMilliseconds;
        long sent = 0;
        for (long slot = 0; slot < slots; slot++)
        {
            var due = start + (slot * 1_000_000);
            while (_clock.Nanoseconds < due) _engine.Wait(0, this);
            for (var phone = (int)(slot % Interval); phone < _sockets.Length; phone += Interval)
            {
                Send(phone, names[phone], (uint)(slot / Interval * 160), mark);
                sent++;
            }
        }
        return sent;
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

/// <summary>CPU time of another process, from /proc.</summary>
internal static class ProcessCpu
{
    private const double TicksPerSecond = 100; // USER_HZ, the same on every Linux of x86-64 and arm64

    public static double Seconds(Process process)
    {
        var stat = File.ReadAllText($"/proc/{process.Id}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' '); // the name may hold spaces; field 3 (state) follows it
        return (double.Parse(fields[11]) + double.Parse(fields[12])) / TicksPerSecond;
    }
}
