using System.Net;
using ClickToDial.Media.Linux;
using ClickToDial.Media.Plane;
using ClickToDial.Media.Rtp;
using ClickToDial.Media.Sdp;
using ClickToDial.Media.Transcoding;
using ClickToDial.TestKit.Time;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClickToDial.Media.Tests.Plane;

/// <summary>A relay whose clock only the test moves, and whose engine only records.</summary>
internal sealed class RelayRig : IDisposable
{
    private readonly MediaClock _clock;

    public RelayRig(bool transcodes = true)
    {
        _clock = new MediaClock(Time);
        Relay = new Relay(Engine, _clock, latchWindow: 5_000_000_000, Told.Add) { Transcode = transcodes ? Transcoding.Add : null };
    }

    /// <summary>Goes round with every millisecond that <see cref="Run"/> lets pass.</summary>
    public TranscodingLoop Transcoding { get; } = new(NullLogger.Instance);

    public ManualTimeProvider Time { get; } = new();

    public RecordingEngine Engine { get; } = new();

    public List<MediaEvent> Told { get; } = [];

    public Relay Relay { get; }

    public LegState Leg(int socket, string address, params (AudioCodec Codec, byte Number)[] codecs)
    {
        var leg = new LegState(null!, socket, socket, socket + 1, new OutgoingRtp(0xCAFE, 100, 5000)) { CanonicalName = "leg-name"u8.ToArray() };
        Relay.Add(leg);
        Negotiate(leg, address, default, codecs);
        return leg;
    }

    public void Negotiate(LegState leg, string address, ProtectionChange protection, params (AudioCodec Codec, byte Number)[] codecs)
    {
        var agreed = new LegCodecs([.. codecs.Select(codec => new NegotiatedCodec(codec.Codec, codec.Number, codec.Number))]);
        var agreement = new AudioAgreement(IPAddress.Parse(address), 4000, 4001, RtcpMux: false, MediaDirection.SendRecv, 20, []);
        Relay.Negotiate(leg, agreement, agreed, Name(address), protection);
    }

    public static byte[] Packet(byte payloadType, ushort sequence, uint timestamp, ReadOnlySpan<byte> payload, uint ssrc = 0x77)
    {
        var packet = new byte[RtpHeader.FixedLength + payload.Length];
        RtpHeader.Write(packet, payloadType, marker: false, sequence, timestamp, ssrc);
        payload.CopyTo(packet.AsSpan(RtpHeader.FixedLength));
        return packet;
    }

    public unsafe void Deliver(ulong key, string from, byte[] datagram)
    {
        Relay.BeginBatch();
        byte[] copy = [.. datagram];
        fixed (byte* data = copy) Relay.OnPacket(key, data, copy.Length, Name(from));
    }

    /// <summary>Lets time pass in steps of a millisecond, as the shard's loop would.</summary>
    public void Run(TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromMilliseconds(1))
        {
            Transcoding.Turn(_clock.Nanoseconds);
            Relay.Tick();
            Time.Advance(TimeSpan.FromMilliseconds(1));
        }
    }

    public void Dispose()
    {
        Transcoding.Dispose();
        Engine.Dispose();
    }

    private static SocketName Name(string address) => SocketName.From(IPAddress.Parse(address), 4000);
}
