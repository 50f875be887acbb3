using System.Buffers.Binary;
using ClickToDial.Media.Audio;
using ClickToDial.Media.Plane;
using ClickToDial.Media.Sdp;

namespace ClickToDial.Media.Tests.Plane;

/// <summary>Prompts, passing on, conversion, silence and figures.</summary>
public sealed class RelayTests : RelayTestBase
{
    [Fact]
    public void Prompt_leaves_in_steps_of_20_ms_counted_from_the_first()
    {
        Relay.Play(Alice, Prompt.FromMuLaw("p", new byte[1600]));

        var at = Run(TimeSpan.FromMilliseconds(300), step: TimeSpan.FromMilliseconds(1));

        Assert.Equal(10, at.Count);
        Assert.All(at.Zip(at.Skip(1)), pair => Assert.Equal(20, pair.Second - pair.First));
        Assert.IsType<PromptFinished>(Assert.Single(Told));
    }

    [Fact]
    public void Late_loop_does_not_shift_the_schedule()
    {
        Relay.Play(Alice, Prompt.FromMuLaw("p", new byte[16000]), loop: true);
        Run(TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(1));
        var before = Engine.Sent.Count;
        Time.Advance(TimeSpan.FromMilliseconds(70)); // a stall
        Relay.Tick();
        Run(TimeSpan.FromMilliseconds(30), TimeSpan.FromMilliseconds(1));

        Assert.Equal(5, Engine.Sent.Count - before); // 100 ms hold five steps, stall or not
        var timestamps = Engine.Sent.Select(packet => packet.Header.Timestamp).ToArray();
        Assert.All(timestamps.Zip(timestamps.Skip(1)), pair => Assert.Equal(160u, pair.Second - pair.First));
    }

    [Fact]
    public void After_a_long_stall_missed_steps_are_skipped()
    {
        Relay.Play(Alice, Prompt.FromMuLaw("p", new byte[16000]), loop: true);
        Run(TimeSpan.FromMilliseconds(40), TimeSpan.FromMilliseconds(1));
        var before = Engine.Sent.Count;
        Time.Advance(TimeSpan.FromSeconds(3));
        Relay.Tick();
        Assert.InRange(Engine.Sent.Count - before, 1, 12);
    }

    [Fact]
    public void A_law_peer_hears_the_prompt_in_its_law()
    {
        var carol = Leg(31, "192.0.2.3", (AudioCodec.Pcma, 8));
        Relay.Play(carol, Prompts.Milliwatt, loop: true);
        Run(TimeSpan.FromMilliseconds(25), TimeSpan.FromMilliseconds(1));
        var packet = Assert.Single(Engine.Sent);
        Assert.Equal(8, packet.Header.PayloadType);
        Assert.Equal(Prompts.Milliwatt.ALaw[..160].ToArray(), packet.Payload);
    }

    [Fact]
    public void Held_peer_hears_nothing_of_a_prompt_whose_time_still_runs()
    {
        Relay.Negotiate(Alice, Agreement("192.0.2.1", MediaDirection.RecvOnly), Alice.Codecs!, Name("192.0.2.1"));
        Relay.Play(Alice, Prompt.FromMuLaw("p", new byte[800]));
        Run(TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(1));
        Assert.Empty(Engine.Sent);
        Assert.IsType<PromptFinished>(Assert.Single(Told));
    }

    [Fact]
    public void Peer_without_G711_is_told_finished_at_once()
    {
        var carol = Leg(31, "192.0.2.3", (AudioCodec.Opus, 96));
        Relay.Play(carol, Prompts.PressOne);
        Assert.IsType<PromptFinished>(Assert.Single(Told));
    }

    [Fact]
    public void Dialling_phone_behind_a_nat_is_heard_when_the_far_end_answers_late()
    {
        Pass(TimeSpan.FromSeconds(20)); // ringing
        Relay.Negotiate(Alice, Agreement("192.0.2.1", MediaDirection.SendRecv), Alice.Codecs!, Name("192.0.2.1")); // our answer
        Relay.Bridge(Alice, Bob);

        Deliver(Alice, "203.0.113.9", 0, 1, 0, [1, 2]);

        Assert.Equal(BobSocket, Assert.Single(Engine.Sent).Socket);
    }

    [Fact]
    public void Relayed_packets_get_the_other_legs_numbers()
    {
        Relay.Bridge(Alice, Bob);
        Deliver(Alice, "192.0.2.1", 0, 1, 0, [1, 2]);
        Deliver(Alice, "192.0.2.1", 101, 2, 160, [5, 10, 0, 160]);

        Assert.Equal([(BobSocket, 0), (BobSocket, 96)], Engine.Sent.Select(packet => (packet.Socket, (int)packet.Header.PayloadType)));
        Assert.Equal('5', Assert.IsType<DigitPressed>(Told[^1]).Digit);
    }

    [Fact]
    public void Two_laws_of_G711_are_converted()
    {
        var carol = Leg(31, "192.0.2.3", (AudioCodec.Pcma, 8));
        Relay.Bridge(Alice, carol);
        Deliver(Alice, "192.0.2.1", 0, 1, 0, Prompts.Milliwatt.MuLaw[..160].ToArray());
        Deliver(carol, "192.0.2.3", 8, 1, 0, Prompts.Milliwatt.ALaw[..160].ToArray());

        Assert.Equal((8, 0), (Engine.Sent[0].Header.PayloadType, Engine.Sent[1].Header.PayloadType));
        Assert.Equal(Prompts.Milliwatt.ALaw[..160].ToArray(), Engine.Sent[0].Payload);
    }

    [Fact]
    public void Format_the_other_leg_has_not_agreed_to_stays_behind()
    {
        var carol = Leg(31, "192.0.2.3", (AudioCodec.Pcmu, 0));
        Relay.Bridge(Alice, carol);
        Deliver(Alice, "192.0.2.1", 101, 1, 0, [5, 10, 0, 160]);
        Assert.Empty(Engine.Sent);
        Assert.Contains(Told, told => told is DigitPressed { Digit: '5' });
    }

    [Fact]
    public void Prompt_into_a_bridge_holds_the_other_voice_back_until_it_ends()
    {
        Relay.Bridge(Alice, Bob);
        Deliver(Bob, "192.0.2.2", 0, 1, 0, [7]);
        Relay.Play(Alice, Prompt.FromMuLaw("p", new byte[160]));
        Deliver(Bob, "192.0.2.2", 0, 2, 160, [8]);
        Run(TimeSpan.FromMilliseconds(25), TimeSpan.FromMilliseconds(1));
        Deliver(Bob, "192.0.2.2", 0, 3, 320, [9]);

        Assert.Equal([1, 160, 1], Engine.Sent.Select(packet => packet.Payload.Length));
        var sequences = Engine.Sent.Select(packet => packet.Header.Sequence).ToArray();
        Assert.Equal([sequences[0], (ushort)(sequences[0] + 1), (ushort)(sequences[0] + 2)], sequences);
        Assert.Single(Engine.Sent.Select(packet => packet.Header.Ssrc).Distinct());
    }

    [Fact]
    public void Silence_is_told_once_and_again_after_sound()
    {
        Relay.WatchSilence(Alice, 10_000_000_000);
        Pass(TimeSpan.FromSeconds(9));
        Assert.DoesNotContain(Told, told => told is MediaSilent);
        Pass(TimeSpan.FromSeconds(10));
        Assert.Single(Told.OfType<MediaSilent>());
        Deliver(Alice, "192.0.2.1", 0, 1, 0, [1]);
        Pass(TimeSpan.FromSeconds(12));
        Assert.Equal(2, Told.OfType<MediaSilent>().Count());
    }

    [Fact]
    public void Unknown_sources_and_malformed_packets_are_counted_and_dropped()
    {
        Relay.Bridge(Alice, Bob);
        Deliver(Alice, "192.0.2.1", 0, 1, 0, [1]);
        Deliver(Alice, "198.51.100.66", 0, 2, 160, [6, 6, 6]);
        Deliver(Alice, "192.0.2.1", 77, 3, 320, [1]); // a payload type nobody agreed to

        var statistics = Relay.Snapshot(Alice);
        Assert.Equal((1, 1, 1), (statistics.PacketsReceived, statistics.UnknownSource, statistics.Malformed));
        Assert.Single(Engine.Sent);
    }

    [Fact]
    public void Packet_of_a_closed_leg_reaches_nobody_even_when_its_place_is_taken_again()
    {
        var key = Engine.Keys[AliceSocket];
        Relay.Remove(Alice);
        var carol = Leg(AliceSocket, "192.0.2.1", (AudioCodec.Pcmu, 0));
        Deliver(key, "192.0.2.1", 0, 1, 0, [1]);
        Assert.Equal(0, Relay.Snapshot(carol).PacketsReceived);
        Assert.Equal(2, Relay.Legs);
    }

    [Fact]
    public void Figures_of_a_leg_add_up()
    {
        Relay.Bridge(Alice, Bob);
        foreach (var sequence in new ushort[] { 1, 2, 4 }) Deliver(Alice, "192.0.2.1", 0, sequence, sequence * 160u, [1]);

        var alice = Relay.Snapshot(Alice);
        Assert.Equal(("PCMU", 3, 1, 0), (alice.Codec, alice.PacketsReceived, alice.PacketsLost, alice.PacketsSent));
        Assert.Equal(3, Relay.Snapshot(Bob).PacketsSent);
        Assert.Equal(Time.GetUtcNow(), alice.LastPacketAt);
        Assert.InRange(alice.MeanOpinionScore!.Value, 1, 4.4);
        Assert.Null(Relay.Snapshot(Bob).MeanOpinionScore);
    }

    [Fact]
    public void Reports_cross_and_tell_the_round_trip()
    {
        Relay.Bridge(Alice, Bob);
        Deliver(Alice, "192.0.2.1", 0, 1, 1000, [1]);
        Deliver(Bob, "192.0.2.2", 0, 1, 9000, [1]);

        var report = new byte[28]; // SR without blocks; the middle of its NTP time is 0x22223333
        (report[0], report[1], report[3]) = (0x80, 200, 6);
        BinaryPrimitives.WriteUInt32BigEndian(report.AsSpan(4), 0x77);
        BinaryPrimitives.WriteUInt64BigEndian(report.AsSpan(8), 0x1111_2222_3333_4444);
        Deliver(Alice.Key | 1, "192.0.2.1", report);
        Time.Advance(TimeSpan.FromMilliseconds(350));
        Deliver(Bob.Key | 1, "192.0.2.2", Answer(about: 0xCAFE, lastReport: 0x22223333, delay: 65536 / 4));

        Assert.Equal([BobSocket + 1, AliceSocket + 1], Engine.SentRtcp.Select(sent => sent.Socket));
        Assert.Equal(0xCAFEu, BinaryPrimitives.ReadUInt32BigEndian(Engine.SentRtcp[0].Datagram.AsSpan(4)));
        Assert.Equal(0x77u, BinaryPrimitives.ReadUInt32BigEndian(Engine.SentRtcp[1].Datagram.AsSpan(8)));
        Assert.Equal(100, Relay.Snapshot(Bob).RoundTripMilliseconds!.Value, 3);
        Assert.Null(Relay.Snapshot(Alice).RoundTripMilliseconds);
    }

    [Fact]
    public void Reports_from_another_host_are_dropped()
    {
        Relay.Bridge(Alice, Bob);
        Deliver(Alice, "192.0.2.1", 0, 1, 1000, [1]);
        Deliver(Alice.Key | 1, "198.51.100.66", Answer(1, 2, 3));
        Assert.Empty(Engine.SentRtcp);
        Assert.Equal(1, Relay.Snapshot(Alice).UnknownSource);
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
}
