using System.Net;
using System.Net.Sockets;
using ClickToDial.Media.Audio;
using ClickToDial.Media.Linux;
using ClickToDial.Media.Plane;
using ClickToDial.Media.Rtp;
using ClickToDial.Media.Sdp;
using ClickToDial.Media.Tests.Support;

namespace ClickToDial.Media.Tests.Plane;

/// <summary>
/// The packet path with everything real, sockets and engine included, but the clock: not one octet is allocated per packet. The clock is moved
/// by the test, so that every run does the same, what is done once in some seconds too.
/// </summary>
public sealed unsafe class RelayAllocationTests
{
    private const int Length = 172;
    private const int Packets = 2000;

    // Nanoseconds. So many packets that an engine that may gather them does.
    private const long BetweenPackets = 5_000;

    // Afterwards time passes in which only what is played and reported is sent: until every leg has had its turn to report.
    private const long Quiet = 8_000_000_000;
    private const long StepsAtOnce = 100_000_000;

    public static TheoryData<PacketEngine, int> Engines => new()
    {
        { PacketEngine.Epoll, 0 },
        { PacketEngine.Epoll, 500 },
        { PacketEngine.IoUring, 0 },
        { PacketEngine.IoUring, 500 },
    };

    [Theory, MemberData(nameof(Engines))]
    public void Relaying_and_playing_allocate_nothing(PacketEngine kind, int coalesceMicroseconds)
    {
        var time = new HandClock();
        var clock = new MediaClock(time);
        using var engine = Make(kind, clock, TimeSpan.FromMicroseconds(coalesceMicroseconds));
        var relay = new Relay(engine, clock, latchWindow: 5_000_000_000, _ => { });
        var phones = new[] { Open(out var alicePort), Open(out var bobPort) };
        var alice = AddLeg(relay, alicePort, out var port);
        Relay.Bridge(alice, AddLeg(relay, bobPort, out _));
        relay.Play(AddLeg(relay, bobPort, out _), Prompts.Milliwatt, loop: true);

        var relayed = Run(engine, relay, time, alice, phones, port);
        Assert.Equal(Packets, relayed);
        Assert.Equal(0, Allocations.OfLeanestRun(() => relayed = Run(engine, relay, time, alice, phones, port)));
        Assert.Equal(Packets, relayed);
        foreach (var phone in phones) _ = Native.Close(phone);
    }

    // Alice sends, the relay carries, Bob's socket is emptied of what was relayed and of what was played.
    private static long Run(IPacketEngine engine, Relay relay, HandClock time, LegState alice, int[] phones, int port)
    {
        var to = SocketName.From(Loopback, port);
        var packet = stackalloc byte[Length];
        var scratch = stackalloc byte[PacketBuffers.Size];
        var start = alice.Received.Received;
        for (var i = 0; i < Packets; i++)
        {
            RtpHeader.Write(new Span<byte>(packet, Length), 0, marker: false, (ushort)(start + i), (uint)(i * 160), ssrc: 77);
            if (Native.SendTo(phones[0], packet, Length, Native.MsgDontWait, &to, (uint)to.Length) < 0) return -1;
            while (alice.Received.Received - start <= i) engine.Wait(Math.Min(relay.Tick(), 1_000_000_000), relay);
            while (Native.Read(phones[1], scratch, PacketBuffers.Size) > 0) continue;
            time.Pass(BetweenPackets);
        }
        for (var passed = 0L; passed < Quiet; passed += StepsAtOnce)
        {
            time.Pass(StepsAtOnce);
            relay.Tick();
            engine.Wait(0, relay);
            while (Native.Read(phones[1], scratch, PacketBuffers.Size) > 0) continue;
        }
        return alice.Received.Received - start;
    }

    private static readonly IPAddress Loopback = IPAddress.Loopback;

    private static IPacketEngine Make(PacketEngine kind, MediaClock clock, TimeSpan coalesce)
    {
        try
        {
            return kind == PacketEngine.Epoll ? new EpollEngine(clock, coalesce) : new UringEngine(clock, coalesce);
        }
        catch (IOException refusal) when (kind == PacketEngine.IoUring)
        {
            Assert.Skip($"This kernel or container has no io_uring for us: {refusal.Message}");
            throw;
        }
    }

    private static int Open(out int port)
    {
        using (var probe = new UdpClient(new IPEndPoint(Loopback, 0))) port = ((IPEndPoint)probe.Client.LocalEndPoint!).Port;
        var socket = UdpSocket.Open(Loopback, port);
        Assert.True(socket >= 0);
        return socket;
    }

    private static LegState AddLeg(Relay relay, int phonePort, out int port)
    {
        var rtp = Open(out port);
        var leg = new LegState(null!, port, rtp, Open(out _), new OutgoingRtp(1, 2, 3)) { Flowing = true };
        relay.Add(leg);
        NegotiatedCodec[] codecs = [new(AudioCodec.Pcmu, 0, 0)];
        var agreement = new AudioAgreement(Loopback, phonePort, phonePort + 1, RtcpMux: false, MediaDirection.SendRecv, 20, codecs);
        relay.Negotiate(leg, agreement, new LegCodecs(codecs), SocketName.From(Loopback, phonePort));
        leg.Flowing = true; // nobody listens to events here
        return leg;
    }

    private sealed class HandClock : TimeProvider
    {
        private long _nanoseconds = 1_000_000_000;

        public override long TimestampFrequency => 1_000_000_000;

        public override long GetTimestamp() => _nanoseconds;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddTicks(_nanoseconds / 100);

        public void Pass(long nanoseconds) => _nanoseconds += nanoseconds;
    }
}
