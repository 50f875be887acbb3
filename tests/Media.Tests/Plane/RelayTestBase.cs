using System.Net;
using ClickToDial.Media.Linux;
using ClickToDial.Media.Plane;
using ClickToDial.Media.Rtp;
using ClickToDial.Media.Sdp;
using ClickToDial.TestKit.Time;

namespace ClickToDial.Media.Tests.Plane;

/// <summary>The packet path by itself, between two phones: a clock that only the test moves, an engine that only records.</summary>
public abstract class RelayTestBase : IDisposable
{
    private protected const int AliceSocket = 11;
    private protected const int BobSocket = 21;

    private protected RelayTestBase()
    {
        Relay = new Relay(Engine, new MediaClock(Time), latchWindow: 5_000_000_000, Told.Add);
        Alice = Leg(AliceSocket, "192.0.2.1", (AudioCodec.Pcmu, 0), (AudioCodec.TelephoneEvent, 101));
        Bob = Leg(BobSocket, "192.0.2.2", (AudioCodec.Pcmu, 0), (AudioCodec.TelephoneEvent, 96));
    }

    private protected ManualTimeProvider Time { get; } = new();

    private protected RecordingEngine Engine { get; } = new();

    private protected List<MediaEvent> Told { get; } = [];

    private protected Relay Relay { get; }

    private protected LegState Alice { get; }

    private protected LegState Bob { get; }

    public void Dispose()
    {
        Engine.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected LegState Leg(int socket, string address, params (AudioCodec Codec, byte Number)[] codecs)
    {
        var leg = new LegState(null!, socket, socket, socket + 1, new OutgoingRtp(0xCAFE, 100, 5000));
        Relay.Add(leg);
        var agreed = new LegCodecs([.. codecs.Select(codec => new NegotiatedCodec(codec.Codec, codec.Number, codec.Number))]);
        Relay.Negotiate(leg, Agreement(address, MediaDirection.SendRecv), agreed, Name(address));
        return leg;
    }

    private protected static AudioAgreement Agreement(string address, MediaDirection direction) =>
        new(IPAddress.Parse(address), 4000, 4001, RtcpMux: false, direction, 20, []);

    private protected static SocketName Name(string address) => SocketName.From(IPAddress.Parse(address), 4000);

    private protected void Deliver(LegState leg, string from, byte payloadType, ushort sequence, uint timestamp, byte[] payload) =>
        Deliver(leg.Key, from, payloadType, sequence, timestamp, payload);

    private protected void Deliver(ulong key, string from, byte payloadType, ushort sequence, uint timestamp, byte[] payload)
    {
        var packet = new byte[RtpHeader.FixedLength + payload.Length];
        RtpHeader.Write(packet, payloadType, marker: false, sequence, timestamp, 0x77);
        payload.CopyTo(packet, RtpHeader.FixedLength);
        Deliver(key, from, packet);
        Told.RemoveAll(told => told is MediaStarted);
    }

    private protected unsafe void Deliver(ulong key, string from, byte[] datagram)
    {
        Relay.BeginBatch();
        fixed (byte* data = datagram) Relay.OnPacket(key, data, datagram.Length, Name(from));
    }

    // Milliseconds at which packets left.
    private protected List<int> Run(TimeSpan time, TimeSpan step)
    {
        var at = new List<int>();
        for (var passed = TimeSpan.Zero; passed < time; passed += step)
        {
            Relay.Tick();
            while (at.Count < Engine.Sent.Count) at.Add((int)passed.TotalMilliseconds);
            Time.Advance(step);
        }
        return at;
    }

    private protected void Pass(TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromSeconds(1))
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            Relay.Tick();
        }
    }
}
