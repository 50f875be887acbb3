using System.Buffers.Binary;
using System.Net;
using System.Text;
using ClickToDial.Media.Audio;
using ClickToDial.Media.Plane;
using ClickToDial.Media.Rtp;
using ClickToDial.Media.Sdp;

namespace ClickToDial.Media.Tests.Plane;

/// <summary>RTCP of our own (RFC 3550 section 6), to ends whose stream ends here.</summary>
public sealed class ReportTests : IDisposable
{
    private const int AliceSocket = 10;
    private const int BobSocket = 20;
    private const string AliceAt = "192.0.2.1";
    private const string BobAt = "192.0.2.2";
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(7); // no two reports are further apart
    private readonly RelayRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void End_that_hears_a_prompt_gets_sender_reports_with_a_name()
    {
        var alice = Leg(AliceSocket, AliceAt, AudioCodec.Pcma);
        _rig.Relay.Play(alice, Prompts.Milliwatt, loop: true);
        _rig.Run(TimeSpan.FromSeconds(1));
        Assert.Empty(Reports());
        _rig.Run(TimeSpan.FromSeconds(60));

        var reports = Reports();
        Assert.InRange(reports.Count, 60 / 6.2, 60 / 2.05);
        Assert.All(reports, report => Assert.Equal((AliceSocket + 1, RtcpType.SenderReport), (report.Socket, report.Type)));
        var last = reports[^1].Datagram;
        Assert.Equal(0xCAFEu, Read(last, 4));
        var packets = Read(last, 20);
        Assert.InRange(packets, 50u * 54, 50u * 61);
        Assert.Equal(packets * 160, Read(last, 24));
        // 8000 ticks of the stream for each second of NTP, from report to report.
        var ticks = Read(last, 16) - Read(reports[0].Datagram, 16);
        var seconds = (Ntp(last) - Ntp(reports[0].Datagram)) / 4294967296.0;
        Assert.InRange(ticks / seconds, 7999, 8001);
        Assert.Equal("leg-name", Encoding.ASCII.GetString(last.AsSpan(28 + 8 + 2, 8))); // no block, then the chunk of the description
    }

    [Fact]
    public void Answer_to_our_report_tells_the_round_trip_and_theirs_is_answered()
    {
        var alice = Leg(AliceSocket, AliceAt, AudioCodec.Pcma);
        _rig.Relay.Play(alice, Prompts.Milliwatt, loop: true);
        for (ushort sequence = 0; sequence < 4; sequence++)
            if (sequence != 2) Say(alice, AliceAt, sequence);
        var ours = NextReport();
        Assert.Equal((1, 64), (ours.Datagram[0] & 0x1F, ours.Datagram[32])); // one block: a quarter was lost
        Assert.Equal((0x77u, 0u, 0u), (Read(ours.Datagram, 28), Read(ours.Datagram, 44), Read(ours.Datagram, 48)));

        _rig.Run(TimeSpan.FromMilliseconds(130));
        var answer = new byte[200];
        var writer = new RtcpWriter(answer);
        var middle = NtpTime.Middle(Ntp(ours.Datagram));
        writer.SenderReport(0x77, 0x1111_2222_3333_4444, 0, 3, 480, [new ReportBlock(0xCAFE, 0, 0, 0, 0, middle, DelaySinceLast: 65536 / 10)]);
        _rig.Deliver(alice.Key | 1, AliceAt, answer[..writer.Length]);
        Assert.InRange(_rig.Relay.Snapshot(alice).RoundTripMilliseconds!.Value, 28.9, 31.1);

        var came = _rig.Time.GetTimestamp();
        Say(alice, AliceAt, 4);
        var next = NextReport();
        var passed = _rig.Time.GetElapsedTime(came);
        Assert.Equal(0x2222_3333u, Read(next.Datagram, 44));
        Assert.InRange(Read(next.Datagram, 48) / 65536.0, passed.TotalSeconds - 0.002, passed.TotalSeconds);
        Assert.Equal(0, next.Datagram[32]); // of those that came since, none was lost
    }

    [Fact]
    public void Ends_that_hear_each_other_get_each_others_reports_and_none_of_ours()
    {
        var (alice, bob) = Bridged(AudioCodec.Pcma);
        Talk(alice, bob, Long);
        Assert.Empty(_rig.Engine.SentRtcp);

        _rig.Deliver(alice.Key | 1, AliceAt, Report());
        Assert.Equal(BobSocket + 1, Assert.Single(_rig.Engine.SentRtcp).Socket);

        // On hold with music Bob hears us, and Alice is still reported to: by nobody else any more.
        _rig.Relay.Play(bob, Prompts.Milliwatt, loop: true);
        _rig.Engine.SentRtcp.Clear();
        _rig.Deliver(alice.Key | 1, AliceAt, Report());
        Assert.Empty(_rig.Engine.SentRtcp);
        _rig.Run(Long);
        Assert.All(Reports(), report => Assert.Equal((BobSocket + 1, RtcpType.SenderReport), (report.Socket, report.Type)));
        Assert.NotEmpty(Reports());
    }

    [Fact]
    public void Who_only_sends_gets_receiver_reports_of_ours_as_nothing_is_carried_to_it()
    {
        var (alice, bob) = Bridged(AudioCodec.Pcma);
        var agreement = new AudioAgreement(IPAddress.Parse(AliceAt), 4000, 4001, RtcpMux: false, MediaDirection.RecvOnly, 20, []);
        _rig.Relay.Negotiate(alice, agreement, alice.Codecs!, null);
        Talk(alice, bob, Long);
        _rig.Deliver(bob.Key | 1, BobAt, Report());
        Assert.NotEmpty(Reports());
        Assert.All(Reports(), report => Assert.Equal((AliceSocket + 1, RtcpType.ReceiverReport), (report.Socket, report.Type)));
    }

    [Fact]
    public void Parted_ends_are_reported_to_and_who_was_sent_nothing_for_long_gets_receiver_reports()
    {
        var (alice, bob) = Bridged(AudioCodec.Pcma);
        Talk(alice, bob, TimeSpan.FromSeconds(1));
        Relay.Detach(alice);
        _rig.Run(3 * Long);
        foreach (var socket in new[] { AliceSocket + 1, BobSocket + 1 })
        {
            var types = Reports().Where(report => report.Socket == socket).Select(report => report.Type).ToList();
            Assert.Equal(RtcpType.SenderReport, types[0]);
            Assert.Equal(RtcpType.ReceiverReport, types[^1]);
        }
    }

    [Fact]
    public void Transcoded_ends_each_get_ours()
    {
        var alice = Leg(AliceSocket, AliceAt, AudioCodec.Pcma);
        var bob = Leg(BobSocket, BobAt, AudioCodec.G722);
        Relay.Bridge(alice, bob);
        for (ushort i = 0; i < 350; i++)
        {
            Say(alice, AliceAt, i);
            _rig.Run(TimeSpan.FromMilliseconds(20));
        }
        _rig.Deliver(alice.Key | 1, AliceAt, Report());
        Assert.Equal([AliceSocket + 1, BobSocket + 1], Reports().Select(report => report.Socket).Distinct().Order());
        Assert.Contains(Reports(), report => report is { Socket: BobSocket + 1, Type: RtcpType.SenderReport });
        Assert.All(Reports().Where(report => report.Socket == AliceSocket + 1), report => Assert.Equal(RtcpType.ReceiverReport, report.Type));
    }

    [Fact]
    public void Who_holds_by_0_0_0_0_and_a_port_that_is_another_hosts_get_nothing()
    {
        var held = Leg(AliceSocket, AliceAt, AudioCodec.Pcma);
        var agreement = new AudioAgreement(null, 4000, 4001, RtcpMux: false, MediaDirection.Inactive, 20, []);
        _rig.Relay.Negotiate(held, agreement, held.Codecs!, null);
        var behindNat = Leg(BobSocket, BobAt, AudioCodec.Pcma);
        _rig.Relay.Play(behindNat, Prompts.Milliwatt, loop: true);
        Say(behindNat, "203.0.113.9", 1);
        _rig.Run(Long);
        Assert.Empty(Reports());

        _rig.Deliver(behindNat.Key | 1, "203.0.113.9", Report()); // now its port is known
        _rig.Run(Long);
        Assert.NotEmpty(Reports());
    }

    [Fact]
    public void Reports_share_the_port_of_sound_where_that_was_agreed()
    {
        var alice = Leg(AliceSocket, AliceAt, AudioCodec.Pcma);
        var agreement = new AudioAgreement(IPAddress.Parse(AliceAt), 4000, 4000, RtcpMux: true, MediaDirection.SendRecv, 20, []);
        _rig.Relay.Negotiate(alice, agreement, alice.Codecs!, null);
        _rig.Run(Long);
        Assert.All(Reports(), report => Assert.Equal(AliceSocket, report.Socket));
        Assert.NotEmpty(Reports());
    }

    [Fact]
    public void Leg_that_moves_to_another_shard_goes_on_to_report_and_one_that_is_closed_does_not()
    {
        using var other = new RelayRig();
        var alice = Leg(AliceSocket, AliceAt, AudioCodec.Pcma);
        var closed = Leg(BobSocket, BobAt, AudioCodec.Pcma);
        _rig.Relay.Remove(closed);
        _rig.Relay.Release(alice, _ => other.Relay.Add(alice));
        _rig.Relay.OnReleased(alice.Key);
        _rig.Relay.OnReleased(alice.Key);
        _rig.Run(Long);
        Assert.Empty(Reports());
        other.Run(Long);
        Assert.NotEmpty(other.Engine.SentRtcp);
    }

    private LegState Leg(int socket, string address, AudioCodec codec) => _rig.Leg(socket, address, (codec, codec.StaticPayloadType!.Value));

    private (LegState Alice, LegState Bob) Bridged(AudioCodec codec)
    {
        var (alice, bob) = (Leg(AliceSocket, AliceAt, codec), Leg(BobSocket, BobAt, codec));
        Relay.Bridge(alice, bob);
        return (alice, bob);
    }

    private void Talk(LegState alice, LegState bob, TimeSpan time)
    {
        for (ushort i = 0; i < time.TotalMilliseconds / 20; i++)
        {
            Say(alice, AliceAt, i);
            Say(bob, BobAt, i);
            _rig.Run(TimeSpan.FromMilliseconds(20));
        }
    }

    private void Say(LegState leg, string from, ushort sequence) =>
        _rig.Deliver(leg.Key, from, RelayRig.Packet(leg.Codecs!.Primary.ReceivePayloadType, sequence, sequence * 160u, new byte[160]));

    private (int Socket, RtcpType Type, byte[] Datagram) NextReport()
    {
        var before = _rig.Engine.SentRtcp.Count;
        for (var i = 0; i < 7000 && _rig.Engine.SentRtcp.Count == before; i++) _rig.Run(TimeSpan.FromMilliseconds(1));
        return Reports()[before];
    }

    private List<(int Socket, RtcpType Type, byte[] Datagram)> Reports()
    {
        Assert.All(_rig.Engine.SentRtcp, sent => Assert.True(RtcpReader.IsValid(sent.Datagram)));
        return [.. _rig.Engine.SentRtcp.Select(sent => (sent.Socket, (RtcpType)sent.Datagram[1], sent.Datagram))];
    }

    private static byte[] Report()
    {
        var bytes = new byte[100];
        var writer = new RtcpWriter(bytes);
        writer.ReceiverReport(0x77, []);
        return bytes[..writer.Length];
    }

    private static uint Read(byte[] datagram, int at) => BinaryPrimitives.ReadUInt32BigEndian(datagram.AsSpan(at));

    private static ulong Ntp(byte[] datagram) => BinaryPrimitives.ReadUInt64BigEndian(datagram.AsSpan(8));
}
