using System.Net;
using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using ClickToDial.Media.Linux;
using ClickToDial.Media.Plane;
using ClickToDial.Media.Rtp;
using ClickToDial.Media.Sdp;

namespace ClickToDial.Benchmarks.Micro;

/// <summary>What the relay itself costs per packet, system calls apart. Allocations must read "-".</summary>
[MemoryDiagnoser]
[ShortRunJob]
public unsafe class RelayStepBenchmark : IDisposable
{
    private const int Length = 172;
    private readonly byte* _packet = (byte*)NativeMemory.AllocZeroed(Length);
    private readonly NullEngine _engine = new();
    private Relay? _relay;
    private LegState? _leg;
    private SocketName _source;
    private ushort _sequence;

    [GlobalSetup]
    public void SetUp()
    {
        _relay = new Relay(_engine, new MediaClock(TimeProvider.System), 5_000_000_000, _ => { });
        _source = SocketName.From(IPAddress.Loopback, 4000);
        _leg = Open(_relay, 1);
        Relay.Bridge(_leg, Open(_relay, 3));
    }

    [Benchmark]
    public bool ReadHeader() => RtpHeader.TryRead(new ReadOnlySpan<byte>(_packet, Length), out _);

    [Benchmark]
    public long RelayPacket()
    {
        RtpHeader.Write(new Span<byte>(_packet, Length), 0, marker: false, _sequence++, _sequence * 160u, 99);
        _relay!.OnPacket(_leg!.Key, _packet, Length, _source);
        return _engine.Sent;
    }

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        NativeMemory.Free(_packet);
        _engine.Dispose();
    }

    private LegState Open(Relay relay, int socket)
    {
        var leg = new LegState(null!, socket, socket, socket + 1, new OutgoingRtp(1, 2, 3)) { Flowing = true };
        relay.Add(leg);
        NegotiatedCodec[] codecs = [new(AudioCodec.Pcmu, 0, 0)];
        var agreement = new AudioAgreement(IPAddress.Loopback, 4000, 4001, RtcpMux: false, MediaDirection.SendRecv, 20, codecs);
        relay.Negotiate(leg, agreement, new LegCodecs(codecs), _source);
        leg.Flowing = true; // nobody listens to events here
        return leg;
    }

    private sealed class NullEngine : IPacketEngine
    {
        public long Sent { get; private set; }

        public string Name => "null";

        public long SendFailures => 0;

        public void Add(int socket, ulong key) => Sent = 0;

        public void Remove(int socket) => Sent = 0;

        public void Release(int socket) => Sent = 0;

        public void Send(int socket, in SocketName to, byte* data, int length) => Sent++;

        public byte* Rent() => throw new NotSupportedException();

        public void Wait(long nanoseconds, IPacketSink sink) => throw new NotSupportedException();

        public void Wake() => throw new NotSupportedException();

        public void Dispose() => Sent = 0;
    }
}
