using System.Buffers.Binary;
using System.Net;
using ClickToDial.Media.Audio;
using ClickToDial.Media.Linux;
using ClickToDial.Media.Plane;
using ClickToDial.Media.Rtp;
using ClickToDial.Media.Sdp;
using ClickToDial.TestKit.Time;

namespace ClickToDial.Media.Tests.Plane;

/// <summary>The packet path by itself: a clock that only the test moves, an engine that only records.</summary>
public sealed class RelayTests : IDisposable
{
    private const int AliceSocket = 11;
    private const int BobSocket = 21;
    private readonly ManualTimeProvider _time = new();
    private readonly RecordingEngine _engine = new();
    private readonly List<MediaEvent> _told = [];
    private readonly Relay _relay;
    private readonly LegState _alice;
    private readonly LegState _bob;

    public RelayTests()
    {
        _relay = new Relay(_engine, new MediaClock(_time), latchWindow: 5_000_000_000, _told.Add);
        _alice = Leg(AliceSocket, "192.0.2.1", (AudioCodec.Pcmu, 0), (AudioCodec.TelephoneEvent, 101));
        _bob = Leg(BobSocket, "192.0.2.2", (AudioCodec.Pcmu, 0), (AudioCodec.TelephoneEvent, 96));
    }

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void Prompt_leaves_in_steps_of_20_ms_counted_from_the_first()
    {
        _relay.Play(_alice, Prompt.FromMuLaw("p", new byte[1600]));

        var at = Run(TimeSpan.FromMilliseconds(300), step: TimeSpan.FromMilliseconds(1));

        Assert.Equal(10, at.Count);
        Assert.All(at.Zip(at.Skip(1)), pair => Assert.Equal(20, pair.Second - pair.First));
        Assert.IsType<PromptFinished>(Assert.Single(_told));
    }

    [Fact]
    public void Late_loop_does_not_shift_the_schedule()
    {
        _relay.Play(_alice, Prompt.FromMuLaw("p", new byte[16000]), loop: true);
        Run(TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(1));
        var before = _engine.Sent.Count;
        _time.Advance(TimeSpan.FromMilliseconds(70)); // a stall
        _relay.Tick();
        Run(TimeSpan.FromMilliseconds(30), TimeSpan.FromMilliseconds(1));

        Assert.Equal(5, _engine.Sent.Count - before); // 100 ms hold five steps, stall or not
        var timestamps = _engine.Sent.Select(packet => packet.Header.Timestamp).ToArray();
        Assert.All(timestamps.Zip(timestamps.Skip(1)), pair => Assert.Equal(160u, pair.Second - pair.First));
    }

    [Fact]
    public void After_a_long_stall_missed_steps_are_skipped()
    {
        _relay.Play(_alice, Prompt.FromMuLaw("p", new byte[16000]), loop: true);
        Run(TimeSpan.FromMilliseconds(40), TimeSpan.FromMilliseconds(1));
        var before = _engine.Sent.Count;
        _time.Advance(TimeSpan.FromSeconds(3));
        _relay.Tick();
        Assert.InRange(_engine.Sent.Count - before, 1, 12);
    }

    [Fact]
    public void A_law_peer_hears_the_prompt_in_its_law()
    {
        var carol = Leg(31, "192.0.2.3", (AudioCodec.Pcma, 8));
        _relay.Play(carol, Prompts.Milliwatt, loop: true);
        Run(TimeSpan.FromMilliseconds(25), TimeSpan.FromMilliseconds(1));
        var packet = Assert.Single(_engine.Sent);
        Assert.Equal(8, packet.Header.PayloadType);
        Assert.Equal(Prompts.Milliwatt.ALaw[..160].ToArray(), packet.Payload);
    }

    [Fact]
    public void Held_peer_hears_nothing_of_a_prompt_whose_time_still_runs()
    {
        _relay.Negotiate(_alice, Agreement("192.0.2.1", MediaDirection.RecvOnly), _alice.Codecs!, Name("192.0.2.1"));
        _relay.Play(_alice, Prompt.FromMuLaw("p", new byte[800]));
        Run(TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(1));
        Assert.Empty(_engine.Sent);
        Assert.IsType<PromptFinished>(Assert.Single(_told));
    }

    [Fact]
    public void Peer_without_G711_is_told_finished_at_once()
    {
        var carol = Leg(31, "192.0.2.3", (AudioCodec.Opus, 96));
        _relay.Play(carol, Prompts.PressOne);
        Assert.IsType<PromptFinished>(Assert.Single(_told));
    }

    [Fact]
    public void Dialling_phone_behind_a_nat_is_heard_when_the_far_end_answers_late()
    {
        Pass(TimeSpan.FromSeconds(20)); // ringing
        _relay.Negotiate(_alice, Agreement("192.0.2.1", MediaDirection.SendRecv), _alice.Codecs!, Name("192.0.2.1")); // our answer
        Relay.Bridge(_alice, _bob);

        Deliver(_alice, "203.0.113.9", 0, 1, 0, [1, 2]);

        Assert.Equal(BobSocket, Assert.Single(_engine.Sent).Socket);
    }

    [Fact]
    public void Press_that_comes_while_the_same_one_is_sent_for_its_INFO_does_not_follow_it()
    {
        Relay.Bridge(_alice, _bob);
        _relay.SendDigits(_bob, "5", pressMilliseconds: 100, pauseMilliseconds: 40);
        for (var i = 0; i < 20; i++)
        {
            var payload = new byte[TelephoneEvent.Length];
            new TelephoneEvent(5, i > 16, 10, (ushort)(160 * (i + 1))).Write(payload);
            Deliver(_alice, "192.0.2.1", 101, (ushort)i, 5000, payload);
            Run(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(1));
        }
        var keys = _engine.Sent.Where(packet => packet.Socket == BobSocket).ToArray();
        Assert.Single(keys.Select(packet => packet.Header.Timestamp).Distinct());
        Assert.Equal(7, keys.Length); // five steps of 20 ms, and the end twice more

        var next = new byte[TelephoneEvent.Length];
        new TelephoneEvent(6, false, 10, 160).Write(next);
        Deliver(_alice, "192.0.2.1", 101, 20, 9000, next);
        Assert.Equal(6, Event(_engine.Sent[^1].Payload).Code);
    }

    [Fact]
    public void Key_by_INFO_that_comes_after_the_same_press_with_the_sound_is_not_pressed_again()
    {
        Relay.Bridge(_alice, _bob);
        var payload = new byte[TelephoneEvent.Length];
        new TelephoneEvent(5, false, 10, 160).Write(payload);
        Deliver(_alice, "192.0.2.1", 101, 1, 5000, payload);
        var passed = _engine.Sent.Count;

        _relay.PassOnKey(_bob, _alice, '5', pressMilliseconds: 100, pauseMilliseconds: 40);
        Run(TimeSpan.FromMilliseconds(400), TimeSpan.FromMilliseconds(1));
        Assert.Equal(passed, _engine.Sent.Count);

        Run(TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(1));
        _relay.PassOnKey(_bob, _alice, '5', pressMilliseconds: 100, pauseMilliseconds: 40);
        Run(TimeSpan.FromMilliseconds(400), TimeSpan.FromMilliseconds(1));
        Assert.True(_engine.Sent.Count > passed);
    }

    [Fact]
    public void Key_beside_passed_through_speech_has_its_length_in_the_other_ends_clock()
    {
        var carol = Leg(31, "192.0.2.3", (AudioCodec.Opus, 96), (AudioCodec.TelephoneEvent48, 97));
        var dave = Leg(41, "192.0.2.4", (AudioCodec.Opus, 98), (AudioCodec.TelephoneEvent, 101));
        Relay.Bridge(carol, dave);
        var payload = new byte[TelephoneEvent.Length];
        new TelephoneEvent(5, true, 10, 4800).Write(payload);
        Deliver(carol, "192.0.2.3", 97, 1, 9600, payload);
        Deliver(dave, "192.0.2.4", 101, 1, 9600, _engine.Sent[^1].Payload);

        Assert.Equal([(101, 800), (97, 4800)], _engine.Sent.Select(packet => ((int)packet.Header.PayloadType, (int)Event(packet.Payload).Duration)));
    }

    [Fact]
    public void Keys_that_come_while_one_is_sent_wait_for_their_turn()
    {
        foreach (var key in "1234") _relay.SendDigits(_alice, key.ToString(), pressMilliseconds: 60, pauseMilliseconds: 40);
        Run(TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(1));

        var events = _engine.Sent.Select(packet => Event(packet.Payload)).ToArray();
        Assert.Equal([1, 2, 3, 4], events.Where(e => e.End).Chunk(3).Select(ends => (int)Assert.Single(ends.Select(end => end.Code).Distinct())));
        Assert.Equal(4, _engine.Sent.Count(packet => packet.Header.Marker));
    }

    [Fact]
    public void Keys_beyond_the_queue_are_lost_and_cost_nothing()
    {
        for (var i = 0; i < 100; i++) _relay.SendDigits(_alice, "1234567890", pressMilliseconds: 40, pauseMilliseconds: 40);
        Run(TimeSpan.FromSeconds(20), TimeSpan.FromMilliseconds(5));
        Assert.Equal(DigitSender.MaxWaiting, _engine.Sent.Count(packet => packet.Header.Marker));
    }

    [Fact]
    public void Relayed_packets_get_the_other_legs_numbers()
    {
        Relay.Bridge(_alice, _bob);
        Deliver(_alice, "192.0.2.1", 0, 1, 0, [1, 2]);
        Deliver(_alice, "192.0.2.1", 101, 2, 160, [5, 10, 0, 160]);

        Assert.Equal([(BobSocket, 0), (BobSocket, 96)], _engine.Sent.Select(packet => (packet.Socket, (int)packet.Header.PayloadType)));
        Assert.Equal('5', Assert.IsType<DigitPressed>(_told[^1]).Digit);
    }

    [Fact]
    public void Two_laws_of_G711_are_converted()
    {
        var carol = Leg(31, "192.0.2.3", (AudioCodec.Pcma, 8));
        Relay.Bridge(_alice, carol);
        Deliver(_alice, "192.0.2.1", 0, 1, 0, Prompts.Milliwatt.MuLaw[..160].ToArray());
        Deliver(carol, "192.0.2.3", 8, 1, 0, Prompts.Milliwatt.ALaw[..160].ToArray());

        Assert.Equal((8, 0), (_engine.Sent[0].Header.PayloadType, _engine.Sent[1].Header.PayloadType));
        Assert.Equal(Prompts.Milliwatt.ALaw[..160].ToArray(), _engine.Sent[0].Payload);
    }

    [Fact]
    public void Format_the_other_leg_has_not_agreed_to_stays_behind()
    {
        var carol = Leg(31, "192.0.2.3", (AudioCodec.Pcmu, 0));
        Relay.Bridge(_alice, carol);
        Deliver(_alice, "192.0.2.1", 101, 1, 0, [5, 10, 0, 160]);
        Assert.Empty(_engine.Sent);
        Assert.Contains(_told, told => told is DigitPressed { Digit: '5' });
    }

    [Fact]
    public void Prompt_into_a_bridge_holds_the_other_voice_back_until_it_ends()
    {
        Relay.Bridge(_alice, _bob);
        Deliver(_bob, "192.0.2.2", 0, 1, 0, [7]);
        _relay.Play(_alice, Prompt.FromMuLaw("p", new byte[160]));
        Deliver(_bob, "192.0.2.2", 0, 2, 160, [8]);
        Run(TimeSpan.FromMilliseconds(25), TimeSpan.FromMilliseconds(1));
        Deliver(_bob, "192.0.2.2", 0, 3, 320, [9]);

        Assert.Equal([1, 160, 1], _engine.Sent.Select(packet => packet.Payload.Length));
        var sequences = _engine.Sent.Select(packet => packet.Header.Sequence).ToArray();
        Assert.Equal([sequences[0], (ushort)(sequences[0] + 1), (ushort)(sequences[0] + 2)], sequences);
        Assert.Single(_engine.Sent.Select(packet => packet.Header.Ssrc).Distinct());
    }

    [Fact]
    public void Keys_leave_as_RFC_4733_says()
    {
        _relay.SendDigits(_alice, "1#", pressMilliseconds: 60, pauseMilliseconds: 40);
        Run(TimeSpan.FromMilliseconds(500), TimeSpan.FromMilliseconds(1));

        var presses = _engine.Sent.GroupBy(packet => packet.Header.Timestamp).ToArray();
        Assert.Equal(2, presses.Length);
        foreach (var (press, code) in presses.Zip([1, 11]))
        {
            var events = press.Select(packet => Event(packet.Payload)).ToArray();
            Assert.Equal([(160, false), (320, false), (480, true), (480, true), (480, true)], events.Select(e => ((int)e.Duration, e.End)));
            Assert.All(events, e => Assert.Equal(code, e.Code));
            Assert.Equal([true, false, false, false, false], press.Select(packet => packet.Header.Marker));
            Assert.All(press, packet => Assert.Equal(101, packet.Header.PayloadType));
        }
        var sequences = _engine.Sent.Select(packet => packet.Header.Sequence).ToArray();
        Assert.All(sequences.Zip(sequences.Skip(1)), pair => Assert.Equal(1, (ushort)(pair.Second - pair.First)));
    }

    [Fact]
    public void Silence_is_told_once_and_again_after_sound()
    {
        _relay.WatchSilence(_alice, 10_000_000_000);
        Pass(TimeSpan.FromSeconds(9));
        Assert.DoesNotContain(_told, told => told is MediaSilent);
        Pass(TimeSpan.FromSeconds(10));
        Assert.Single(_told.OfType<MediaSilent>());
        Deliver(_alice, "192.0.2.1", 0, 1, 0, [1]);
        Pass(TimeSpan.FromSeconds(12));
        Assert.Equal(2, _told.OfType<MediaSilent>().Count());
    }

    [Fact]
    public void Unknown_sources_and_malformed_packets_are_counted_and_dropped()
    {
        Relay.Bridge(_alice, _bob);
        Deliver(_alice, "192.0.2.1", 0, 1, 0, [1]);
        Deliver(_alice, "198.51.100.66", 0, 2, 160, [6, 6, 6]);
        Deliver(_alice, "192.0.2.1", 77, 3, 320, [1]); // a payload type nobody agreed to

        var statistics = _relay.Snapshot(_alice);
        Assert.Equal((1, 1, 1), (statistics.PacketsReceived, statistics.UnknownSource, statistics.Malformed));
        Assert.Single(_engine.Sent);
    }

    [Fact]
    public void Packet_of_a_closed_leg_reaches_nobody_even_when_its_place_is_taken_again()
    {
        var key = _engine.Keys[AliceSocket];
        _relay.Remove(_alice);
        var carol = Leg(AliceSocket, "192.0.2.1", (AudioCodec.Pcmu, 0));
        Deliver(key, "192.0.2.1", 0, 1, 0, [1]);
        Assert.Equal(0, _relay.Snapshot(carol).PacketsReceived);
        Assert.Equal(2, _relay.Legs);
    }

    [Fact]
    public void Figures_of_a_leg_add_up()
    {
        Relay.Bridge(_alice, _bob);
        foreach (var sequence in new ushort[] { 1, 2, 4 }) Deliver(_alice, "192.0.2.1", 0, sequence, sequence * 160u, [1]);

        var alice = _relay.Snapshot(_alice);
        Assert.Equal(("PCMU", 3, 1, 0), (alice.Codec, alice.PacketsReceived, alice.PacketsLost, alice.PacketsSent));
        Assert.Equal(3, _relay.Snapshot(_bob).PacketsSent);
        Assert.Equal(_time.GetUtcNow(), alice.LastPacketAt);
        Assert.InRange(alice.MeanOpinionScore!.Value, 1, 4.4);
        Assert.Null(_relay.Snapshot(_bob).MeanOpinionScore);
    }

    [Fact]
    public void Reports_cross_and_tell_the_round_trip()
    {
        Relay.Bridge(_alice, _bob);
        Deliver(_alice, "192.0.2.1", 0, 1, 1000, [1]);
        Deliver(_bob, "192.0.2.2", 0, 1, 9000, [1]);

        var report = new byte[28]; // SR without blocks; the middle of its NTP time is 0x22223333
        (report[0], report[1], report[3]) = (0x80, 200, 6);
        BinaryPrimitives.WriteUInt32BigEndian(report.AsSpan(4), 0x77);
        BinaryPrimitives.WriteUInt64BigEndian(report.AsSpan(8), 0x1111_2222_3333_4444);
        Deliver(_alice.Key | 1, "192.0.2.1", report);
        _time.Advance(TimeSpan.FromMilliseconds(350));
        Deliver(_bob.Key | 1, "192.0.2.2", Answer(about: 0xCAFE, lastReport: 0x22223333, delay: 65536 / 4));

        Assert.Equal([BobSocket + 1, AliceSocket + 1], _engine.SentRtcp.Select(sent => sent.Socket));
        Assert.Equal(0xCAFEu, BinaryPrimitives.ReadUInt32BigEndian(_engine.SentRtcp[0].Datagram.AsSpan(4)));
        Assert.Equal(0x77u, BinaryPrimitives.ReadUInt32BigEndian(_engine.SentRtcp[1].Datagram.AsSpan(8)));
        Assert.Equal(100, _relay.Snapshot(_bob).RoundTripMilliseconds!.Value, 3);
        Assert.Null(_relay.Snapshot(_alice).RoundTripMilliseconds);
    }

    [Fact]
    public void Reports_from_another_host_are_dropped()
    {
        Relay.Bridge(_alice, _bob);
        Deliver(_alice, "192.0.2.1", 0, 1, 1000, [1]);
        Deliver(_alice.Key | 1, "198.51.100.66", Answer(1, 2, 3));
        Assert.Empty(_engine.SentRtcp);
        Assert.Equal(1, _relay.Snapshot(_alice).UnknownSource);
    }

    // RR with one block.
    private static byte[] Answer(uint about, uint lastReport, uint delay)
    {
        var report = new byte[32];
        (report[0], report[1], report[3]) = (0x81, 201, 7);
        BinaryPrimitives.WriteUInt32BigEndian(report.AsSpan(8), about);
        BinaryPrimitives.WriteUInt32BigEndian(report.AsSpan(24), lastReport);
        BinaryPrimitives.WriteUInt32BigEndian(report.AsSpan(28), delay);
        return report;
    }

    private LegState Leg(int socket, string address, params (AudioCodec Codec, byte Number)[] codecs)
    {
        var leg = new LegState(null!, socket, socket, socket + 1, new OutgoingRtp(0xCAFE, 100, 5000));
        _relay.Add(leg);
        var agreed = new LegCodecs([.. codecs.Select(codec => new NegotiatedCodec(codec.Codec, codec.Number, codec.Number))]);
        _relay.Negotiate(leg, Agreement(address, MediaDirection.SendRecv), agreed, Name(address));
        return leg;
    }

    private static AudioAgreement Agreement(string address, MediaDirection direction) =>
        new(IPAddress.Parse(address), 4000, 4001, RtcpMux: false, direction, 20, []);

    private static SocketName Name(string address) => SocketName.From(IPAddress.Parse(address), 4000);

    private static TelephoneEvent Event(byte[] payload)
    {
        Assert.True(TelephoneEvent.TryRead(payload, out var value));
        return value;
    }

    private void Deliver(LegState leg, string from, byte payloadType, ushort sequence, uint timestamp, byte[] payload) =>
        Deliver(leg.Key, from, payloadType, sequence, timestamp, payload);

    private void Deliver(ulong key, string from, byte payloadType, ushort sequence, uint timestamp, byte[] payload)
    {
        var packet = new byte[RtpHeader.FixedLength + payload.Length];
        RtpHeader.Write(packet, payloadType, marker: false, sequence, timestamp, 0x77);
        payload.CopyTo(packet, RtpHeader.FixedLength);
        Deliver(key, from, packet);
        _told.RemoveAll(told => told is MediaStarted);
    }

    private unsafe void Deliver(ulong key, string from, byte[] datagram)
    {
        _relay.BeginBatch();
        fixed (byte* data = datagram) _relay.OnPacket(key, data, datagram.Length, Name(from));
    }

    // Milliseconds at which packets left.
    private List<int> Run(TimeSpan time, TimeSpan step)
    {
        var at = new List<int>();
        for (var passed = TimeSpan.Zero; passed < time; passed += step)
        {
            _relay.Tick();
            while (at.Count < _engine.Sent.Count) at.Add((int)passed.TotalMilliseconds);
            _time.Advance(step);
        }
        return at;
    }

    private void Pass(TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromSeconds(1))
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            _relay.Tick();
        }
    }
}
