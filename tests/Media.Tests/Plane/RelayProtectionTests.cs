using System.Security.Cryptography;
using ClickToDial.Media.Plane;
using ClickToDial.Media.Rtp;
using ClickToDial.Media.Sdp;
using ClickToDial.Media.Srtp;

namespace ClickToDial.Media.Tests.Plane;

/// <summary>SRTP on the packet path: each side protected or not, whatever the other is.</summary>
public sealed class RelayProtectionTests : IDisposable
{
    private const string AliceAddress = "192.0.2.1";
    private const string BobAddress = "192.0.2.2";
    private static readonly (AudioCodec, byte) Codec = (AudioCodec.Pcmu, 0);
    private static readonly byte[] Payload = [1, 2, 3, 4];

    private readonly RelayRig _rig = new();
    private readonly LegState _alice;
    private readonly LegState _bob;
    private readonly ProtectionKeys _aliceKeys = new();
    private readonly ProtectionKeys _bobKeys = new();

    public RelayProtectionTests()
    {
        _alice = _rig.Leg(11, AliceAddress, Codec);
        _bob = _rig.Leg(21, BobAddress, Codec);
        Relay.Bridge(_alice, _bob);
    }

    public static TheoryData<SrtpProfile> Profiles() => [.. SrtpProfiles.Preferred.Where(SrtpLibrary.Supports)];

    public void Dispose()
    {
        _aliceKeys.Dispose();
        _bobKeys.Dispose();
        _rig.Dispose();
    }

    [Theory(DisplayName = "One side protected, the other plain: each hears the other")]
    [MemberData(nameof(Profiles))]
    public void Protected_side_and_plain_side_hear_each_other(SrtpProfile profile)
    {
        var peer = Secure(_alice, AliceAddress, _aliceKeys, profile);
        _rig.Deliver(_alice.Key, AliceAddress, peer.Protect(RelayRig.Packet(0, 1, 160, Payload)));
        Assert.Equal(Payload, _rig.Engine.Sent[0].Payload);

        _rig.Deliver(_bob.Key, BobAddress, RelayRig.Packet(0, 1, 160, Payload));
        var sent = _rig.Engine.Datagrams[1].Datagram;
        Assert.NotEqual(Payload, sent[RtpHeader.FixedLength..(RtpHeader.FixedLength + 4)]);
        Assert.Equal(Payload, peer.Open(sent)[RtpHeader.FixedLength..]);
    }

    [Fact(DisplayName = "Both sides protected: each under its own keys")]
    public void Both_protected_sides_hear_each_other()
    {
        var alice = Secure(_alice, AliceAddress, _aliceKeys, SrtpProfile.AesCm128HmacSha1Tag32);
        var bob = Secure(_bob, BobAddress, _bobKeys, SrtpProfile.AesCm128HmacSha1Tag80);
        _rig.Deliver(_alice.Key, AliceAddress, alice.Protect(RelayRig.Packet(0, 1, 160, Payload)));
        _rig.Deliver(_bob.Key, BobAddress, bob.Protect(RelayRig.Packet(0, 1, 160, Payload)));
        Assert.Equal(Payload, bob.Open(_rig.Engine.Datagrams[0].Datagram)[RtpHeader.FixedLength..]);
        Assert.Equal(Payload, alice.Open(_rig.Engine.Datagrams[1].Datagram)[RtpHeader.FixedLength..]);
    }

    [Fact]
    public void Replayed_forged_and_plain_packets_are_dropped_and_counted()
    {
        var peer = Secure(_alice, AliceAddress, _aliceKeys, SrtpProfile.AesCm128HmacSha1Tag80);
        var packet = peer.Protect(RelayRig.Packet(0, 1, 160, Payload));
        _rig.Deliver(_alice.Key, AliceAddress, packet);
        _rig.Deliver(_alice.Key, AliceAddress, packet);
        var forged = peer.Protect(RelayRig.Packet(0, 2, 320, Payload));
        forged[^1] ^= 1;
        _rig.Deliver(_alice.Key, AliceAddress, forged);
        _rig.Deliver(_alice.Key, AliceAddress, RelayRig.Packet(0, 3, 480, new byte[160]));

        Assert.Single(_rig.Engine.Sent);
        var figures = _rig.Relay.Snapshot(_alice);
        Assert.Equal((1L, 3L, "AES_CM_128_HMAC_SHA1_80"), (figures.PacketsReceived, figures.Unauthenticated, figures.Protection));
    }

    [Fact(DisplayName = "A session refresh with the same keys leaves rollover counter and replay window alone")]
    public void Same_keys_again_keep_the_context_over_a_sequence_wrap()
    {
        var keys = Keys(SrtpProfile.AesCm128HmacSha1Tag80, out var peer);
        Apply(_alice, AliceAddress, _aliceKeys, keys);
        for (var i = 0; i < 4; i++) _rig.Deliver(_alice.Key, AliceAddress, peer.Protect(RelayRig.Packet(0, (ushort)(65534 + i), (uint)i * 160, Payload)));
        var old = peer.Protect(RelayRig.Packet(0, 2, 640, Payload));
        Apply(_alice, AliceAddress, _aliceKeys, keys);
        _rig.Deliver(_alice.Key, AliceAddress, old);
        _rig.Deliver(_alice.Key, AliceAddress, old);
        Assert.Equal(5, _rig.Engine.Sent.Count);
        Assert.Equal(1, _rig.Relay.Snapshot(_alice).Unauthenticated);
    }

    [Fact(DisplayName = "New keys in a re-INVITE take the place of the old ones")]
    public void New_keys_replace_the_old()
    {
        var before = Secure(_alice, AliceAddress, _aliceKeys, SrtpProfile.AesCm128HmacSha1Tag80);
        var after = Secure(_alice, AliceAddress, _aliceKeys, SrtpProfile.AesCm128HmacSha1Tag80);
        _rig.Deliver(_alice.Key, AliceAddress, before.Protect(RelayRig.Packet(0, 1, 160, Payload)));
        Assert.Empty(_rig.Engine.Sent);
        _rig.Deliver(_alice.Key, AliceAddress, after.Protect(RelayRig.Packet(0, 2, 320, Payload)));
        Assert.Single(_rig.Engine.Sent);
        _rig.Deliver(_bob.Key, BobAddress, RelayRig.Packet(0, 1, 160, Payload));
        Assert.Equal(Payload, after.Open(_rig.Engine.Datagrams[^1].Datagram)[RtpHeader.FixedLength..]);
    }

    [Fact]
    public void Authenticated_peer_is_followed_to_another_address()
    {
        var peer = Secure(_alice, AliceAddress, _aliceKeys, SrtpProfile.AesCm128HmacSha1Tag80);
        _rig.Deliver(_alice.Key, AliceAddress, peer.Protect(RelayRig.Packet(0, 1, 160, Payload)));
        _rig.Time.Advance(TimeSpan.FromMinutes(1));
        _rig.Deliver(_alice.Key, "203.0.113.7", peer.Protect(RelayRig.Packet(0, 2, 320, Payload)));
        Assert.Equal(2, _rig.Engine.Sent.Count);
        Assert.Equal("203.0.113.7", _alice.RemoteRtp.ToEndPoint().Address.ToString());
    }

    [Fact]
    public void Reports_are_opened_and_protected_too()
    {
        var alice = Secure(_alice, AliceAddress, _aliceKeys, SrtpProfile.AesCm128HmacSha1Tag80);
        var bob = Secure(_bob, BobAddress, _bobKeys, SrtpProfile.AesCm128HmacSha1Tag80);
        _rig.Deliver(_alice.Key, AliceAddress, alice.Protect(RelayRig.Packet(0, 1, 160, Payload)));
        byte[] report = [0x80, 201, 0, 1, 0, 0, 0, 0x77];
        _rig.Deliver(_alice.Key | 1, AliceAddress, alice.ProtectRtcp(report));
        _rig.Deliver(_alice.Key | 1, AliceAddress, report);

        var (socket, sent) = Assert.Single(_rig.Engine.SentRtcp);
        Assert.Equal(22, socket);
        Assert.Equal([0x80, 201, 0, 1, 0, 0, 0xCA, 0xFE], bob.OpenRtcp(sent));
    }

    [Fact]
    public void Prompt_leaves_protected()
    {
        var peer = Secure(_alice, AliceAddress, _aliceKeys, SrtpProfile.AesCm128HmacSha1Tag80);
        _rig.Relay.Play(_alice, Media.Audio.Prompts.Milliwatt, loop: true);
        _rig.Run(TimeSpan.FromMilliseconds(30));
        Assert.Equal(Media.Audio.Prompts.Milliwatt.MuLaw[..160].ToArray(), peer.Open(_rig.Engine.Datagrams[0].Datagram)[RtpHeader.FixedLength..]);
    }

    private static SdesAgreement Keys(SrtpProfile profile, out Peer peer)
    {
        var ours = new SdesCrypto(1, SrtpKey.Generate(profile, RandomNumberGenerator.Fill));
        var theirs = new SdesCrypto(1, SrtpKey.Generate(profile, RandomNumberGenerator.Fill));
        peer = new Peer(SrtpSession.OpenSender(theirs.Key), SrtpSession.OpenReceiver(ours.Key));
        return new SdesAgreement(ours, theirs);
    }

    private Peer Secure(LegState leg, string address, ProtectionKeys state, SrtpProfile profile)
    {
        Apply(leg, address, state, Keys(profile, out var peer));
        return peer;
    }

    private void Apply(LegState leg, string address, ProtectionKeys state, SdesAgreement keys) =>
        _rig.Negotiate(leg, address, state.Next(keys), Codec);

    private sealed class Peer(SrtpSession sender, SrtpSession receiver)
    {
        public byte[] Protect(byte[] packet)
        {
            byte[] room = [.. packet, .. new byte[64]];
            Assert.Equal(SrtpVerdict.Accepted, sender.ProtectRtp(room, packet.Length, out var length));
            return room[..length];
        }

        public byte[] ProtectRtcp(byte[] packet)
        {
            byte[] room = [.. packet, .. new byte[64]];
            Assert.Equal(SrtpVerdict.Accepted, sender.ProtectRtcp(room, packet.Length, out var length));
            return room[..length];
        }

        public byte[] Open(byte[] packet)
        {
            byte[] copy = [.. packet];
            Assert.Equal(SrtpVerdict.Accepted, receiver.UnprotectRtp(copy, out var length));
            return copy[..length];
        }

        public byte[] OpenRtcp(byte[] packet)
        {
            byte[] copy = [.. packet];
            Assert.Equal(SrtpVerdict.Accepted, receiver.UnprotectRtcp(copy, out var length));
            return copy[..length];
        }
    }
}
