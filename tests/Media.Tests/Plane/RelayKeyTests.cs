using ClickToDial.Media.Plane;
using ClickToDial.Media.Rtp;
using ClickToDial.Media.Sdp;

namespace ClickToDial.Media.Tests.Plane;

/// <summary>Keys by RFC 4733, pressed beside the sound or sent for an INFO.</summary>
public sealed class RelayKeyTests : RelayTestBase
{
    [Fact]
    public void Press_that_comes_while_the_same_one_is_sent_for_its_INFO_does_not_follow_it()
    {
        Relay.Bridge(Alice, Bob);
        Relay.SendDigits(Bob, "5", pressMilliseconds: 100, pauseMilliseconds: 40);
        for (var i = 0; i < 20; i++)
        {
            var payload = new byte[TelephoneEvent.Length];
            new TelephoneEvent(5, i > 16, 10, (ushort)(160 * (i + 1))).Write(payload);
            Deliver(Alice, "192.0.2.1", 101, (ushort)i, 5000, payload);
            Run(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(1));
        }
        var keys = Engine.Sent.Where(packet => packet.Socket == BobSocket).ToArray();
        Assert.Single(keys.Select(packet => packet.Header.Timestamp).Distinct());
        Assert.Equal(7, keys.Length); // five steps of 20 ms, and the end twice more

        var next = new byte[TelephoneEvent.Length];
        new TelephoneEvent(6, false, 10, 160).Write(next);
        Deliver(Alice, "192.0.2.1", 101, 20, 9000, next);
        Assert.Equal(6, Event(Engine.Sent[^1].Payload).Code);
    }

    [Fact]
    public void Key_by_INFO_that_comes_after_the_same_press_with_the_sound_is_not_pressed_again()
    {
        Relay.Bridge(Alice, Bob);
        var payload = new byte[TelephoneEvent.Length];
        new TelephoneEvent(5, false, 10, 160).Write(payload);
        Deliver(Alice, "192.0.2.1", 101, 1, 5000, payload);
        var passed = Engine.Sent.Count;

        Relay.PassOnKey(Bob, Alice, '5', pressMilliseconds: 100, pauseMilliseconds: 40);
        Run(TimeSpan.FromMilliseconds(400), TimeSpan.FromMilliseconds(1));
        Assert.Equal(passed, Engine.Sent.Count);

        Run(TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(1));
        Relay.PassOnKey(Bob, Alice, '5', pressMilliseconds: 100, pauseMilliseconds: 40);
        Run(TimeSpan.FromMilliseconds(400), TimeSpan.FromMilliseconds(1));
        Assert.True(Engine.Sent.Count > passed);
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
        Deliver(dave, "192.0.2.4", 101, 1, 9600, Engine.Sent[^1].Payload);

        Assert.Equal([(101, 800), (97, 4800)], Engine.Sent.Select(packet => ((int)packet.Header.PayloadType, (int)Event(packet.Payload).Duration)));
    }

    [Fact]
    public void Keys_that_come_while_one_is_sent_wait_for_their_turn()
    {
        foreach (var key in "1234") Relay.SendDigits(Alice, key.ToString(), pressMilliseconds: 60, pauseMilliseconds: 40);
        Run(TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(1));

        var events = Engine.Sent.Select(packet => Event(packet.Payload)).ToArray();
        Assert.Equal([1, 2, 3, 4], events.Where(e => e.End).Chunk(3).Select(ends => (int)Assert.Single(ends.Select(end => end.Code).Distinct())));
        Assert.Equal(4, Engine.Sent.Count(packet => packet.Header.Marker));
    }

    [Fact]
    public void Keys_beyond_the_queue_are_lost_and_cost_nothing()
    {
        for (var i = 0; i < 100; i++) Relay.SendDigits(Alice, "1234567890", pressMilliseconds: 40, pauseMilliseconds: 40);
        Run(TimeSpan.FromSeconds(20), TimeSpan.FromMilliseconds(5));
        Assert.Equal(DigitSender.MaxWaiting, Engine.Sent.Count(packet => packet.Header.Marker));
    }

    [Fact]
    public void Keys_leave_as_RFC_4733_says()
    {
        Relay.SendDigits(Alice, "1#", pressMilliseconds: 60, pauseMilliseconds: 40);
        Run(TimeSpan.FromMilliseconds(500), TimeSpan.FromMilliseconds(1));

        var presses = Engine.Sent.GroupBy(packet => packet.Header.Timestamp).ToArray();
        Assert.Equal(2, presses.Length);
        foreach (var (press, code) in presses.Zip([1, 11]))
        {
            var events = press.Select(packet => Event(packet.Payload)).ToArray();
            Assert.Equal([(160, false), (320, false), (480, true), (480, true), (480, true)], events.Select(e => ((int)e.Duration, e.End)));
            Assert.All(events, e => Assert.Equal(code, e.Code));
            Assert.Equal([true, false, false, false, false], press.Select(packet => packet.Header.Marker));
            Assert.All(press, packet => Assert.Equal(101, packet.Header.PayloadType));
        }
        var sequences = Engine.Sent.Select(packet => packet.Header.Sequence).ToArray();
        Assert.All(sequences.Zip(sequences.Skip(1)), pair => Assert.Equal(1, (ushort)(pair.Second - pair.First)));
    }

    private static TelephoneEvent Event(byte[] payload)
    {
        Assert.True(TelephoneEvent.TryRead(payload, out var value));
        return value;
    }
}
