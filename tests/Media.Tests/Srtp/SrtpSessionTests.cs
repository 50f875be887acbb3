using System.Buffers.Binary;
using ClickToDial.Media.Srtp;
using ClickToDial.Media.Tests.Support;

namespace ClickToDial.Media.Tests.Srtp;

public sealed class SrtpSessionTests
{
    private const uint Ssrc = 0x1234ABCD;

    public SrtpSessionTests() => Assert.SkipUnless(SrtpLibrary.IsAvailable, SrtpLibrary.Problem ?? "");

    public static TheoryData<SrtpProfile> Profiles => [.. SrtpProfiles.Preferred];

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Debians_library_has_every_profile(SrtpProfile profile) => Assert.True(SrtpLibrary.Supports(profile));

    [Fact]
    public void OpenSsl_does_the_work() => Assert.True(LibSrtp.HasOpenSslCiphers);

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Protected_rtp_is_octet_for_octet_what_the_rfc_says(SrtpProfile profile)
    {
        using var key = Key(profile);
        using var sender = SrtpSession.OpenSender(key);
        var packet = Rtp(0x8001, 160);
        Assert.Equal(Reference(key).ProtectRtp(packet, 12, roc: 0), Protect(sender, packet));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Csrc_list_and_extension_stay_readable_and_are_authenticated(SrtpProfile profile)
    {
        using var key = Key(profile);
        using var sender = SrtpSession.OpenSender(key);
        using var receiver = SrtpSession.OpenReceiver(key);
        byte[] packet = [0x92, .. Rtp(7, 0)[1..], 1, 2, 3, 4, 5, 6, 7, 8, 0xBE, 0xDE, 0, 1, 9, 9, 9, 9, 42, 43, 44];
        var wire = Protect(sender, packet);
        Assert.Equal(Reference(key).ProtectRtp(packet, 28, roc: 0), wire);
        wire[14] ^= 1;
        Assert.Equal(SrtpVerdict.AuthenticationFailed, receiver.UnprotectRtp(wire, out _));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Protected_rtcp_is_octet_for_octet_what_the_rfc_says(SrtpProfile profile)
    {
        using var key = Key(profile);
        using var sender = SrtpSession.OpenSender(key);
        var reference = Reference(key);
        Assert.Equal(reference.ProtectRtcp(Rtcp(), 1), ProtectRtcp(sender, Rtcp()));
        Assert.Equal(reference.ProtectRtcp(Rtcp(), 2), ProtectRtcp(sender, Rtcp()));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void What_was_protected_opens_again(SrtpProfile profile)
    {
        using var key = Key(profile);
        using var sender = SrtpSession.OpenSender(key);
        using var receiver = SrtpSession.OpenReceiver(key);
        for (ushort sequence = 1; sequence <= 50; sequence++)
        {
            var packet = Rtp(sequence, 160);
            var wire = Protect(sender, packet);
            Assert.Equal(packet.Length + sender.RtpOverhead, wire.Length);
            Assert.Equal(SrtpVerdict.Accepted, receiver.UnprotectRtp(wire, out var length));
            Assert.Equal(packet, wire[..length]);
            var report = ProtectRtcp(sender, Rtcp());
            Assert.Equal(Rtcp().Length + sender.RtcpOverhead, report.Length);
            Assert.Equal(SrtpVerdict.Accepted, receiver.UnprotectRtcp(report, out length));
            Assert.Equal(Rtcp(), report[..length]);
        }
        Assert.Equal(new SrtpCounters(100, 0, 0, 0, 0, 0, 0), receiver.Counters);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void When_the_sequence_wraps_the_rollover_counter_goes_on(SrtpProfile profile)
    {
        using var key = Key(profile);
        using var sender = SrtpSession.OpenSender(key);
        using var receiver = SrtpSession.OpenReceiver(key);
        foreach (var (sequence, roc) in new (ushort, uint)[] { (65533, 0), (65534, 0), (65535, 0), (0, 1), (1, 1) })
        {
            var packet = Rtp(sequence, 20);
            var wire = Protect(sender, packet);
            Assert.Equal(Reference(key).ProtectRtp(packet, 12, roc), wire);
            Assert.Equal(SrtpVerdict.Accepted, receiver.UnprotectRtp(wire, out _));
        }
    }

    [Fact]
    public void A_packet_lost_at_the_wrap_does_not_lose_the_stream()
    {
        using var key = Key(SrtpProfile.AesCm128HmacSha1Tag80);
        using var sender = SrtpSession.OpenSender(key);
        using var receiver = SrtpSession.OpenReceiver(key);
        var packets = new ushort[] { 65534, 65535, 0, 1 }.Select(sequence => Protect(sender, Rtp(sequence, 20))).ToArray();
        foreach (var at in new[] { 0, 3, 1, 2 }) // 1 overtakes the wrap
            Assert.Equal(SrtpVerdict.Accepted, receiver.UnprotectRtp(packets[at], out _));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void A_replayed_packet_is_refused_and_counted(SrtpProfile profile)
    {
        using var key = Key(profile);
        using var sender = SrtpSession.OpenSender(key);
        using var receiver = SrtpSession.OpenReceiver(key);
        var wire = Protect(sender, Rtp(9, 160));
        var report = ProtectRtcp(sender, Rtcp());
        Assert.Equal(SrtpVerdict.Accepted, receiver.UnprotectRtp([.. wire], out _));
        Assert.Equal(SrtpVerdict.Replayed, receiver.UnprotectRtp([.. wire], out _));
        Assert.Equal(SrtpVerdict.Accepted, receiver.UnprotectRtcp([.. report], out _));
        Assert.Equal(SrtpVerdict.Replayed, receiver.UnprotectRtcp([.. report], out _));
        Assert.Equal(2, receiver.Counters.Replayed);
    }

    [Fact]
    public void A_packet_older_than_the_window_is_refused()
    {
        using var key = Key(SrtpProfile.AesCm128HmacSha1Tag80);
        using var sender = SrtpSession.OpenSender(key);
        using var receiver = SrtpSession.OpenReceiver(key);
        var first = Protect(sender, Rtp(1, 20));
        for (ushort sequence = 2; sequence < 1200; sequence++) receiver.UnprotectRtp(Protect(sender, Rtp(sequence, 20)), out _);
        Assert.Equal(SrtpVerdict.TooOld, receiver.UnprotectRtp(first, out _));
        Assert.Equal(1, receiver.Counters.TooOld);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void A_changed_octet_anywhere_is_noticed_and_changes_no_state(SrtpProfile profile)
    {
        using var key = Key(profile);
        using var sender = SrtpSession.OpenSender(key);
        using var receiver = SrtpSession.OpenReceiver(key);
        var wire = Protect(sender, Rtp(77, 40));
        for (var at = 1; at < wire.Length; at++)
        {
            var forged = wire.ToArray();
            forged[at] ^= 0x40;
            Assert.Equal(SrtpVerdict.AuthenticationFailed, receiver.UnprotectRtp(forged, out _));
        }
        Assert.Equal(wire.Length - 1, receiver.Counters.AuthenticationFailed);
        Assert.Equal(SrtpVerdict.Accepted, receiver.UnprotectRtp(wire, out _)); // neither replay window nor rollover counter moved
    }

    [Fact]
    public void Another_key_does_not_open_it()
    {
        using var key = Key(SrtpProfile.AeadAes128Gcm);
        using var other = SrtpKey.Generate(SrtpProfile.AeadAes128Gcm, octets => octets.Fill(0x55));
        using var sender = SrtpSession.OpenSender(key);
        using var receiver = SrtpSession.OpenReceiver(other);
        Assert.Equal(SrtpVerdict.AuthenticationFailed, receiver.UnprotectRtp(Protect(sender, Rtp(1, 20)), out _));
        Assert.Equal(SrtpVerdict.AuthenticationFailed, receiver.UnprotectRtcp(ProtectRtcp(sender, Rtcp()), out _));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Truncated_packets_are_refused_at_every_length(SrtpProfile profile)
    {
        using var key = Key(profile);
        using var sender = SrtpSession.OpenSender(key);
        using var receiver = SrtpSession.OpenReceiver(key);
        byte[] packet = [0x91, .. Rtp(5, 0)[1..], 1, 2, 3, 4, 0, 0, 0, 1, 1, 1, 1, 1, 42];
        var wire = Protect(sender, packet);
        for (var length = 0; length < wire.Length; length++)
            Assert.NotEqual(SrtpVerdict.Accepted, receiver.UnprotectRtp(wire.AsSpan(0, length).ToArray(), out _));
        var report = ProtectRtcp(sender, Rtcp());
        for (var length = 0; length < report.Length; length++)
            Assert.NotEqual(SrtpVerdict.Accepted, receiver.UnprotectRtcp(report.AsSpan(0, length).ToArray(), out _));
        Assert.Equal(0, receiver.Counters.Accepted);
    }

    [Fact]
    public void Garbage_of_any_length_is_a_verdict_and_no_exception()
    {
        using var key = Key(SrtpProfile.AesCm128HmacSha1Tag32);
        using var receiver = SrtpSession.OpenReceiver(key);
        var random = new Random(4711);
        for (var i = 0; i < 2000; i++)
        {
            var garbage = new byte[random.Next(200)];
            random.NextBytes(garbage);
            if (garbage.Length > 0 && i % 2 == 0) garbage[0] = (byte)(0x80 | (garbage[0] & 0x3F));
            Assert.NotEqual(SrtpVerdict.Accepted, receiver.UnprotectRtp(garbage, out _));
            Assert.NotEqual(SrtpVerdict.Accepted, receiver.UnprotectRtcp(garbage, out _));
        }
    }

    [Fact]
    public void Without_room_for_the_tag_nothing_is_written()
    {
        using var key = Key(SrtpProfile.AeadAes128Gcm);
        using var sender = SrtpSession.OpenSender(key);
        var buffer = new byte[32 + sender.RtpOverhead - 1];
        Rtp(1, 20).CopyTo(buffer, 0);
        Assert.Equal(SrtpVerdict.NoRoom, sender.ProtectRtp(buffer, 32, out _));
        Assert.Equal(Rtp(1, 20), buffer[..32]);
    }

    [Fact]
    public void The_same_packet_is_not_protected_twice()
    {
        using var key = Key(SrtpProfile.AesCm128HmacSha1Tag80);
        using var sender = SrtpSession.OpenSender(key);
        Protect(sender, Rtp(1, 20));
        var buffer = new byte[64];
        Rtp(1, 20).CopyTo(buffer, 0);
        Assert.Equal(SrtpVerdict.Replayed, sender.ProtectRtp(buffer, 32, out _));
    }

    [Fact]
    public void An_agreed_key_id_travels_in_each_packet_and_is_checked()
    {
        using var key = Key(SrtpProfile.AesCm128HmacSha1Tag80);
        using var sender = SrtpSession.OpenSender(key, new MasterKeyId(0x0102, 4));
        using var receiver = SrtpSession.OpenReceiver(key, new MasterKeyId(0x0102, 4));
        using var other = SrtpSession.OpenReceiver(key, new MasterKeyId(0x0103, 4));
        var wire = Protect(sender, Rtp(1, 20));
        Assert.Equal([0, 0, 1, 2], wire[32..36]); // between payload and tag, RFC 3711 figure 1
        Assert.Equal(SrtpVerdict.UnknownKeyId, other.UnprotectRtp([.. wire], out _));
        Assert.Equal(SrtpVerdict.Accepted, receiver.UnprotectRtp(wire, out _));
        Assert.Equal(SrtpVerdict.Accepted, receiver.UnprotectRtcp(ProtectRtcp(sender, Rtcp()), out _));
    }

    [Fact]
    public void A_key_does_no_more_packets_than_agreed()
    {
        using var key = Key(SrtpProfile.AesCm128HmacSha1Tag80);
        using var sender = SrtpSession.OpenSender(key, lifetime: 2);
        Protect(sender, Rtp(1, 20));
        Protect(sender, Rtp(2, 20));
        Assert.Equal(SrtpVerdict.KeyExpired, sender.ProtectRtp(new byte[64], 32, out _));
    }

    [Fact]
    public void Sources_beyond_the_limit_are_refused_while_known_ones_go_on()
    {
        using var key = Key(SrtpProfile.AesCm128HmacSha1Tag80);
        using var sender = SrtpSession.OpenSender(key);
        using var receiver = SrtpSession.OpenReceiver(key);
        for (uint ssrc = 1; ssrc <= SrtpSession.MaxSources; ssrc++)
            Assert.Equal(SrtpVerdict.Accepted, receiver.UnprotectRtp(Protect(sender, Rtp(1, 20, ssrc)), out _));
        Assert.Equal(SrtpVerdict.TooManySources, receiver.UnprotectRtp(Protect(sender, Rtp(1, 20, 999)), out _));
        Assert.Equal(SrtpVerdict.Accepted, receiver.UnprotectRtp(Protect(sender, Rtp(2, 20, 1)), out _));
    }

    [Fact]
    public void A_wiped_key_opens_nothing()
    {
        var key = Key(SrtpProfile.AesCm128HmacSha1Tag80);
        key.Dispose();
        Assert.Throws<ObjectDisposedException>(() => SrtpSession.OpenSender(key));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void The_packet_path_allocates_nothing(SrtpProfile profile)
    {
        using var key = Key(profile);
        using var sender = SrtpSession.OpenSender(key);
        using var receiver = SrtpSession.OpenReceiver(key);
        var buffer = new byte[256];
        var (sent, opened) = (0, 0);
        Run();
        Assert.Equal(0, Allocations.OfLeanestRun(Run));
        Assert.Equal(sent, opened);

        void Run()
        {
            buffer.AsSpan().Clear();
            for (var end = sent + 1000; sent < end; sent++)
            {
                buffer[0] = 0x80;
                BinaryPrimitives.WriteUInt16BigEndian(buffer.AsSpan(2), (ushort)sent);
                sender.ProtectRtp(buffer, 172, out var length);
                if (receiver.UnprotectRtp(buffer.AsSpan(0, length), out _) == SrtpVerdict.Accepted) opened++;
            }
        }
    }

    private static SrtpKey Key(SrtpProfile profile) => SrtpKey.Generate(profile, octets =>
    {
        for (var i = 0; i < octets.Length; i++) octets[i] = (byte)(0xE1 + (7 * i));
    });

    private static ReferenceSrtp Reference(SrtpKey key) =>
        new(key.Profile, key.KeyAndSalt[..SrtpProfiles.KeyLength].ToArray(), key.KeyAndSalt[SrtpProfiles.KeyLength..].ToArray());

    private static byte[] Protect(SrtpSession sender, byte[] packet)
    {
        var buffer = new byte[packet.Length + sender.RtpOverhead];
        packet.CopyTo(buffer, 0);
        Assert.Equal(SrtpVerdict.Accepted, sender.ProtectRtp(buffer, packet.Length, out var length));
        return buffer[..length];
    }

    private static byte[] ProtectRtcp(SrtpSession sender, byte[] datagram)
    {
        var buffer = new byte[datagram.Length + sender.RtcpOverhead];
        datagram.CopyTo(buffer, 0);
        Assert.Equal(SrtpVerdict.Accepted, sender.ProtectRtcp(buffer, datagram.Length, out var length));
        return buffer[..length];
    }

    private static byte[] Rtp(ushort sequence, int payloadLength, uint ssrc = Ssrc)
    {
        var packet = new byte[12 + payloadLength];
        packet[0] = 0x80;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), sequence);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), sequence * 160u);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(8), ssrc);
        for (var i = 12; i < packet.Length; i++) packet[i] = (byte)(sequence + i);
        return packet;
    }

    private static byte[] Rtcp()
    {
        var report = new byte[28];
        report[0] = 0x80;
        report[1] = 200;
        report[3] = 6;
        BinaryPrimitives.WriteUInt32BigEndian(report.AsSpan(4), Ssrc);
        for (var i = 8; i < report.Length; i++) report[i] = (byte)i;
        return report;
    }
}
