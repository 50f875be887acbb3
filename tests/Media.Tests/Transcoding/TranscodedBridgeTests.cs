using ClickToDial.Media.Codecs;
using ClickToDial.Media.Plane;
using ClickToDial.Media.Rtp;
using ClickToDial.Media.Sdp;
using ClickToDial.Media.Tests.Codecs;
using ClickToDial.Media.Tests.Plane;
using ClickToDial.Media.Tests.Support;
using ClickToDial.TestKit.Audio;

namespace ClickToDial.Media.Tests.Transcoding;

/// <summary>Two legs that share no codec, joined: the whole way of a packet but the kernel's part and the thread's pace.</summary>
public sealed class TranscodedBridgeTests : IDisposable
{
    private const int Alice = 11;
    private const int Bob = 21;
    private static readonly SpeechCodec[] All = [SpeechCodec.Pcmu, SpeechCodec.Pcma, SpeechCodec.G722, SpeechCodec.Opus];
    private RelayRig _rig = new();

    public static TheoryData<SpeechCodec, SpeechCodec, int, bool> Pairs
    {
        get
        {
            var pairs = new TheoryData<SpeechCodec, SpeechCodec, int, bool>();
            foreach (var from in All)
                foreach (var to in All.Where(to => to != from && !(IsG711(from) && IsG711(to))))
                    foreach (var time in from == SpeechCodec.Opus ? [20] : new[] { 10, 20, 30, 40, 60 })
                        foreach (var loses in new[] { false, true }) pairs.Add(from, to, time, loses);
            return pairs;
        }
    }

    public void Dispose() => _rig.Dispose();

    [Theory(DisplayName = "A tone crosses a bridge of any two codecs, in packets of any length, also when 5 % of them are lost")]
    [MemberData(nameof(Pairs))]
    public void A_tone_crosses(SpeechCodec from, SpeechCodec to, int packetTime, bool loses)
    {
        SkipWithoutOpus(from, to);
        var (alice, _) = Join(from, to);
        Say(alice, from, Signal.Sine(440, from.SampleRate, 2400), packetTime, i => loses && i % 20 == 7);

        var heard = _rig.Engine.Sent.Where(packet => packet.Socket == Bob).ToArray();
        Assert.InRange(heard.Length, 115, 120);
        Assert.All(heard, (packet, i) =>
        {
            Assert.Equal((Number(to), 0xCAFEu, i == 0), (packet.Header.PayloadType, packet.Header.Ssrc, packet.Header.Marker));
            Assert.Equal((ushort)(heard[0].Header.Sequence + i), packet.Header.Sequence);
            Assert.Equal(heard[0].Header.Timestamp + (uint)(i * to.ClockRate / 50), packet.Header.Timestamp);
        });
        Assert.True(ToneMeter.IsMainly(Decode(to, heard.Select(packet => packet.Payload)).AsSpan(to.SampleRate / 5), 440, to.SampleRate));
    }

    [Fact]
    public void Both_directions_are_transcoded_at_once()
    {
        var (alice, bob) = Join(SpeechCodec.G722, SpeechCodec.Pcma);
        var up = Packets(SpeechCodec.G722, Signal.Sine(440, 16000, 800), 20).ToArray();
        var down = Packets(SpeechCodec.Pcma, Signal.Sine(1000, 8000, 800), 20).ToArray();
        for (var i = 0; i < up.Length; i++)
        {
            Deliver(alice, SpeechCodec.G722, i, 20, up[i]);
            Deliver(bob, SpeechCodec.Pcma, i, 20, down[i]);
            _rig.Run(TimeSpan.FromMilliseconds(20));
        }
        Assert.True(ToneMeter.IsMainly(Decode(SpeechCodec.Pcma, SentTo(Bob)).AsSpan(1600), 440, 8000));
        Assert.True(ToneMeter.IsMainly(Decode(SpeechCodec.G722, SentTo(Alice)).AsSpan(3200), 1000, 16000));
    }

    [Fact]
    public void Without_transcoding_ends_that_share_no_codec_are_silent()
    {
        _rig.Dispose();
        _rig = new RelayRig(transcodes: false);
        var (alice, _) = Join(SpeechCodec.G722, SpeechCodec.Pcma);
        Say(alice, SpeechCodec.G722, Signal.Sine(440, 16000, 400), 20);
        Assert.Empty(_rig.Engine.Sent);
    }

    [Theory]
    [InlineData(48000, 8000)]
    [InlineData(8000, 48000)]
    public void A_key_crosses_between_clocks_once_and_speech_goes_on_after_it_at_its_time(int fromRate, int toRate)
    {
        var (from, to) = fromRate == 48000 ? (SpeechCodec.Opus, SpeechCodec.Pcma) : (SpeechCodec.Pcma, SpeechCodec.Opus);
        SkipWithoutOpus(from, to);
        var (alice, _) = Join(from, to);
        var speech = Packets(from, Signal.Sine(440, from.SampleRate, 400), 20).ToArray();
        for (var i = 0; i < 10; i++) Send(i, Number(from), i, speech[i]);
        for (var i = 0; i < 10; i++)
        {
            var payload = new byte[TelephoneEvent.Length];
            new TelephoneEvent(5, i >= 7, 10, (ushort)(Math.Min(i + 1, 8) * fromRate / 50)).Write(payload);
            Send(10 + i, EventNumber(fromRate), 10, payload); // one timestamp for all
        }
        for (var i = 10; i < 20; i++) Send(10 + i, Number(from), 10 + i, speech[i]);

        var sent = _rig.Engine.Sent.Where(packet => packet.Socket == Bob).Select(packet => (packet.Header, packet.Payload)).ToArray();
        var keys = sent.Where(packet => packet.Header.PayloadType == EventNumber(toRate)).ToArray();
        Assert.Equal(10, keys.Length);
        Assert.Single(keys.Select(key => key.Header.Timestamp).Distinct());
        Assert.Equal(Enumerable.Range(1, 10).Select(i => (ushort)(Math.Min(i, 8) * toRate / 50)), keys.Select(key => Read(key.Payload).Duration));
        Assert.Equal(3, keys.Count(key => Read(key.Payload).End));
        Assert.All(sent, (packet, i) => Assert.Equal((ushort)(sent[0].Header.Sequence + i), packet.Header.Sequence));
        var frames = sent.Where(packet => packet.Header.PayloadType == Number(to)).ToArray();
        // 20 ms frames from 0 to 200 ms and from 400 ms on; the key begins between them, in the outgoing clock.
        Assert.Equal(frames[0].Header.Timestamp + (uint)(20 * toRate / 50), frames.First(frame => frame.Header.Sequence > keys[^1].Header.Sequence).Header.Timestamp);
        Assert.InRange((keys[0].Header.Timestamp - frames[0].Header.Timestamp) * 1000.0 / toRate, 180, 220);
        Assert.InRange(frames.Length, 19, 20);

        void Send(int sequence, byte type, int place, byte[] payload)
        {
            _rig.Deliver(alice.Key, "192.0.2.1", RelayRig.Packet(type, (ushort)sequence, (uint)(place * fromRate / 50), payload));
            _rig.Run(TimeSpan.FromMilliseconds(20));
        }
    }

    [Fact]
    public void The_packets_of_a_short_key_are_no_loss_that_speech_is_guessed_for()
    {
        var (alice, _) = Join(SpeechCodec.G722, SpeechCodec.Pcma);
        var speech = Packets(SpeechCodec.G722, Signal.Sine(440, 16000, 400), 20).ToArray();
        var sequence = 0;
        for (var i = 0; i < 10; i++) Send(9, i, speech[i]);
        for (var i = 0; i < 4; i++) Send(101, 10, [5, (byte)(i > 1 ? 0x8A : 0x0A), 0, (byte)(i * 40)]);
        for (var i = 10; i < 20; i++) Send(9, i + 4, speech[i]);

        var frames = _rig.Engine.Sent.Where(packet => packet.Header.PayloadType == 8).ToArray();
        Assert.Equal(20, frames.Length);
        Assert.Equal([0, 10], Enumerable.Range(0, 20).Where(i => frames[i].Header.Marker));
        Assert.Equal(14u * 160, frames[10].Header.Timestamp - frames[0].Header.Timestamp);

        void Send(byte type, int place, byte[] payload)
        {
            _rig.Deliver(alice.Key, "192.0.2.1", RelayRig.Packet(type, (ushort)sequence++, (uint)(place * 160), payload));
            _rig.Run(TimeSpan.FromMilliseconds(20));
        }
    }

    [Fact(DisplayName = "Comfort noise of one end is noise at the other, at an even pace (RFC 3389)")]
    public void Comfort_noise_becomes_noise()
    {
        var (alice, _) = Join(SpeechCodec.Pcmu, SpeechCodec.G722, (AudioCodec.ComfortNoise, 13));
        Say(alice, SpeechCodec.Pcmu, Signal.Sine(440, 8000, 400), 20);
        _rig.Deliver(alice.Key, "192.0.2.1", RelayRig.Packet(13, 20, 20 * 160, [40]));
        var before = SentTo(Bob).Count();
        _rig.Run(TimeSpan.FromMilliseconds(1000));

        var noise = SentTo(Bob).Skip(before).ToArray();
        Assert.InRange(noise.Length, 48, 50);
        Assert.InRange(ToneMeter.TotalLevel(Decode(SpeechCodec.G722, noise).AsSpan(3200)), -45, -34);
    }

    [Fact]
    public void What_both_have_after_a_new_negotiation_is_passed_through_again()
    {
        var (alice, bob) = Join(SpeechCodec.G722, SpeechCodec.Pcma);
        Say(alice, SpeechCodec.G722, Signal.Sine(440, 16000, 200), 20);
        _rig.Negotiate(bob, "192.0.2.2", default, (AudioCodec.G722, 9));
        var packet = new byte[160];
        packet[3] = 77;
        Deliver(alice, SpeechCodec.G722, 10, 20, packet);
        Assert.Equal(packet, SentTo(Bob).Last());
        Assert.Null(alice.Transcoded);
    }

    [Fact]
    public void Parted_legs_hear_nothing_that_was_still_being_transcoded()
    {
        var (alice, bob) = Join(SpeechCodec.G722, SpeechCodec.Pcma);
        Deliver(alice, SpeechCodec.G722, 0, 20, new byte[160]);
        Relay.Detach(bob);
        _rig.Run(TimeSpan.FromMilliseconds(40));
        Assert.Empty(_rig.Engine.Sent);
    }

    [Fact]
    public void Who_changes_codec_with_every_packet_does_not_have_a_transcoder_made_for_each()
    {
        var made = 0;
        using var rig = new RelayRig();
        var relay = new Relay(rig.Engine, new ClickToDial.Media.Linux.MediaClock(rig.Time), 5_000_000_000, _ => { }) { Transcode = _ => made++ };
        var alice = Leg(relay, Alice, "192.0.2.1", (AudioCodec.G722, 9), (AudioCodec.Pcmu, 0));
        var bob = Leg(relay, Bob, "192.0.2.2", (AudioCodec.Opus, 96));
        SkipWithoutOpus(SpeechCodec.Opus, SpeechCodec.Opus);
        Relay.Bridge(alice, bob);
        for (var i = 0; i < 100; i++) Deliver(relay, alice, RelayRig.Packet((byte)(i % 2 == 0 ? 9 : 0), (ushort)i, (uint)(i * 160), new byte[160]));
        Assert.Equal(1, made);
    }

    [Theory(DisplayName = "Neither the packet path nor the transcoding thread allocates per packet")]
    [InlineData(SpeechCodec.G722, SpeechCodec.Pcma)]
    [InlineData(SpeechCodec.Pcmu, SpeechCodec.Opus)]
    [InlineData(SpeechCodec.Opus, SpeechCodec.G722)]
    public void Nothing_is_allocated_per_packet(SpeechCodec from, SpeechCodec to)
    {
        SkipWithoutOpus(from, to);
        var packets = Packets(from, Signal.Voice(from.SampleRate, 1000), 20)
            .Select((payload, i) => RelayRig.Packet(Number(from), 0, 0, payload)).ToArray();
        var sink = new SilentEngine();
        using (sink)
        {
            var clock = new ClickToDial.Media.Linux.MediaClock(_rig.Time);
            var relay = new Relay(sink, clock, 5_000_000_000, _ => { }) { Transcode = _rig.Transcoding.Add };
            var a = Leg(relay, Alice, "192.0.2.1", (CodecOf(from), Number(from)));
            var b = Leg(relay, Bob, "192.0.2.2", (CodecOf(to), Number(to)));
            Relay.Bridge(a, b);
            var sequence = 0;
            Run();
            var sent = 0L;
            Assert.Equal(0, Allocations.OfLeanestRun(Run));
            Assert.InRange(sent, 45, 50);

            void Run()
            {
                var before = sink.Sent;
                foreach (var packet in packets)
                {
                    RtpHeader.Rewrite(packet, Number(from), false, (ushort)sequence, (uint)(sequence * from.ClockRate / 50), 0x77);
                    sequence++;
                    Deliver(relay, a, packet);
                    _rig.Transcoding.Turn(clock.Nanoseconds);
                    relay.Tick();
                }

                sent = sink.Sent - before;
            }
        }
    }

    private static bool IsG711(SpeechCodec codec) => codec is SpeechCodec.Pcmu or SpeechCodec.Pcma;

    private static byte Number(SpeechCodec codec) => codec switch { SpeechCodec.Pcmu => 0, SpeechCodec.Pcma => 8, SpeechCodec.G722 => 9, _ => 96 };

    private static AudioCodec CodecOf(SpeechCodec codec) => codec switch
    {
        SpeechCodec.Pcmu => AudioCodec.Pcmu,
        SpeechCodec.Pcma => AudioCodec.Pcma,
        SpeechCodec.G722 => AudioCodec.G722,
        _ => AudioCodec.Opus,
    };

    private static byte EventNumber(int clockRate) => clockRate == 8000 ? (byte)101 : (byte)102;

    private static (AudioCodec, byte) Events(SpeechCodec codec) =>
        codec == SpeechCodec.Opus ? (AudioCodec.TelephoneEvent48, (byte)102) : (AudioCodec.TelephoneEvent, (byte)101);

    private static TelephoneEvent Read(byte[] payload)
    {
        Assert.True(TelephoneEvent.TryRead(payload, out var value));
        return value;
    }

    private static void SkipWithoutOpus(params SpeechCodec[] codecs) =>
        Assert.SkipUnless(OpusLibrary.IsAvailable || !codecs.Contains(SpeechCodec.Opus), OpusLibrary.Problem ?? "");

    private static IEnumerable<byte[]> Packets(SpeechCodec codec, short[] pcm, int packetTime)
    {
        using var encoder = codec.CreateEncoder();
        var length = codec.SampleRate / 1000 * packetTime;
        var payload = new byte[1024];
        for (var at = 0; at + length <= pcm.Length; at += length)
            yield return payload[..encoder.Encode(pcm.AsSpan(at, length), payload)];
    }

    private static short[] Decode(SpeechCodec codec, IEnumerable<byte[]> payloads)
    {
        using var decoder = codec.CreateDecoder();
        var pcm = new short[SpeechCodecs.MaxPacketSamples];
        return [.. payloads.SelectMany(payload => pcm[..decoder.Decode(payload, pcm)])];
    }

    private static LegState Leg(Relay relay, int socket, string address, params (AudioCodec Codec, byte Number)[] codecs)
    {
        var leg = new LegState(null!, socket, socket, socket + 1, new OutgoingRtp(0xCAFE, 100, 5000));
        relay.Add(leg);
        var agreed = new LegCodecs([.. codecs.Select(codec => new NegotiatedCodec(codec.Codec, codec.Number, codec.Number))]);
        var remote = System.Net.IPAddress.Parse(address);
        var agreement = new AudioAgreement(remote, 4000, 4001, RtcpMux: false, MediaDirection.SendRecv, 20, []);
        relay.Negotiate(leg, agreement, agreed, ClickToDial.Media.Linux.SocketName.From(remote, 4000));
        leg.Flowing = true;
        return leg;
    }

    private static unsafe void Deliver(Relay relay, LegState leg, byte[] packet)
    {
        relay.BeginBatch();
        fixed (byte* data = packet) relay.OnPacket(leg.Key, data, packet.Length, leg.RemoteRtp);
    }

    private (LegState Alice, LegState Bob) Join(SpeechCodec from, SpeechCodec to, params (AudioCodec, byte)[] more)
    {
        var alice = _rig.Leg(Alice, "192.0.2.1", [(CodecOf(from), Number(from)), Events(from), .. more]);
        var bob = _rig.Leg(Bob, "192.0.2.2", (CodecOf(to), Number(to)), Events(to));
        Relay.Bridge(alice, bob);
        return (alice, bob);
    }

    private void Say(LegState leg, SpeechCodec codec, short[] pcm, int packetTime, Func<int, bool>? lost = null)
    {
        var i = 0;
        foreach (var payload in Packets(codec, pcm, packetTime))
        {
            if (lost?.Invoke(i) != true) Deliver(leg, codec, i, packetTime, payload);
            i++;
            _rig.Run(TimeSpan.FromMilliseconds(packetTime));
        }
    }

    private void Deliver(LegState leg, SpeechCodec codec, int i, int packetTime, byte[] payload) => _rig.Deliver(
        leg.Key,
        leg.RtpSocket == Alice ? "192.0.2.1" : "192.0.2.2",
        RelayRig.Packet(Number(codec), (ushort)i, (uint)(i * codec.ClockRate / 1000 * packetTime), payload));

    private IEnumerable<byte[]> SentTo(int socket) => _rig.Engine.Sent.Where(packet => packet.Socket == socket).Select(packet => packet.Payload);
}
