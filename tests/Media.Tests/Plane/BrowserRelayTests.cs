using System.Net;
using System.Text;
using ClickToDial.Media.Dtls;
using ClickToDial.Media.Ice;
using ClickToDial.Media.Linux;
using ClickToDial.Media.Plane;
using ClickToDial.Media.Rtp;
using ClickToDial.Media.Sdp;
using ClickToDial.Media.Srtp;
using ClickToDial.Media.Stun;
using ClickToDial.TestKit.Time;

namespace ClickToDial.Media.Tests.Plane;

/// <summary>Legs to browsers on a relay whose clock only the test moves: consent, late checks, and that packets cost no memory.</summary>
public sealed unsafe class BrowserRelayTests : IDisposable
{
    private static readonly SocketName Home = SocketName.From(IPAddress.Parse("192.0.2.7"), 4711);
    private static readonly SocketName Elsewhere = SocketName.From(IPAddress.Parse("198.51.100.9"), 5000);
    // A fatal alert of DTLS 1.2 before there are keys (RFC 5246 section 7.2.2).
    private static readonly byte[] HandshakeFailure = [21, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, 9, 0, 2, 2, 40];
    private static readonly NegotiatedCodec[] Codecs = [new(AudioCodec.Pcma, 8, 8)];
    private readonly DtlsContext _ours = DtlsContext.Create(TimeProvider.System);
    private readonly DtlsContext _theirs = DtlsContext.Create(TimeProvider.System);
    private readonly ManualTimeProvider _time = new();
    private readonly LastDatagramEngine _engine = new();
    private readonly List<MediaEvent> _told = [];
    private readonly IceCredentials _credentials = IceCredentials.Create();
    private readonly Relay _relay;
    private readonly LegState _browser = new(null!, 1, 10, 11, new OutgoingRtp(1, 2, 3));
    private readonly LegState _phone = new(null!, 2, 20, 21, new OutgoingRtp(4, 5, 6));
    private SrtpSession? _out;
    private int _checks;

    public BrowserRelayTests()
    {
        _relay = new Relay(_engine, new MediaClock(_time), latchWindow: 5_000_000_000, _told.Add);
        _relay.OpenBrowserPort(LastDatagramEngine.Shared, _ours);
        _relay.Add(_browser);
        _relay.Add(_phone);
        var agreement = new AudioAgreement(IPAddress.Loopback, 4000, 4001, RtcpMux: false, MediaDirection.SendRecv, 20, Codecs);
        _relay.Negotiate(_phone, agreement, new LegCodecs(Codecs), SocketName.From(IPAddress.Loopback, 4000));
        _relay.OpenPath(_browser, _credentials);
        _relay.NegotiateBrowser(_browser, agreement with { RemoteAddress = null }, new LegCodecs(Codecs), new BrowserPeer("peer", [_theirs.Fingerprint], DtlsRole.Passive));
        Relay.Bridge(_browser, _phone);
    }

    public void Dispose()
    {
        _relay.Remove(_browser);
        _out?.Dispose();
        _engine.Dispose();
        _ours.Dispose();
        _theirs.Dispose();
    }

    [Fact]
    public void Nothing_is_sent_before_there_are_keys()
    {
        FromPhone(1);
        Assert.Equal(0, _browser.Sent);
        Deliver(Check(nominate: true), Home);
        FromPhone(2);
        Assert.Equal(0, _browser.Sent);
        Connect();
        FromPhone(3);
        Assert.Equal(1, _browser.Sent);
        Assert.True(_engine.To.SameAs(Home));
    }

    [Fact]
    public void Half_a_minute_without_consent_ends_the_sending_and_is_told_once()
    {
        Connect();
        _time.Advance(TimeSpan.FromSeconds(29));
        _relay.Tick();
        Deliver(Check(nominate: false), Home);
        _time.Advance(TimeSpan.FromSeconds(29));
        _relay.Tick();
        FromPhone(1);
        Assert.Equal(1, _browser.Sent);
        Assert.DoesNotContain(_told, told => told is PathLost);

        _time.Advance(TimeSpan.FromSeconds(2));
        _relay.Tick();
        _time.Advance(TimeSpan.FromSeconds(2));
        _relay.Tick();
        FromPhone(2);
        Assert.Equal(1, _browser.Sent);
        Assert.Equal(PathFault.Consent, Assert.Single(_told.OfType<PathLost>()).Fault);

        Deliver(Check(nominate: false), Home); // it is back
        FromPhone(3);
        Assert.Equal(2, _browser.Sent);
    }

    [Fact]
    public void A_check_from_elsewhere_moves_nothing_until_it_nominates()
    {
        Connect();
        Deliver(Check(nominate: false), Elsewhere);
        FromPhone(1);
        Assert.True(_engine.To.SameAs(Home));
        Deliver(Check(nominate: true), Elsewhere);
        FromPhone(2);
        Assert.True(_engine.To.SameAs(Elsewhere));
    }

    [Fact]
    public void A_peer_that_closed_its_dtls_and_went_is_missed()
    {
        Connect(closes: true);
        FromPhone(1);
        Assert.Equal(0, _browser.Sent);
        _time.Advance(TimeSpan.FromSeconds(31));
        _relay.Tick();
        Assert.Equal(PathFault.Consent, Assert.Single(_told.OfType<PathLost>()).Fault);
    }

    [Fact]
    public void A_late_check_from_elsewhere_revives_nothing_whose_consent_is_over()
    {
        Connect();
        _relay.OpenPath(_browser, IceCredentials.Create());
        _time.Advance(TimeSpan.FromSeconds(31));
        _relay.Tick();
        Deliver(Check(nominate: true), Elsewhere); // by the credentials before
        FromPhone(1);
        Assert.Equal(0, _browser.Sent);
        Deliver(Check(nominate: true), Home);
        FromPhone(2);
        Assert.Equal(1, _browser.Sent);
    }

    [Fact]
    public void Of_several_nominations_the_highest_priority_is_followed_until_it_is_old()
    {
        Connect();
        Deliver(Check(nominate: true, priority: 200), Home);
        Deliver(Check(nominate: true, priority: 100), Elsewhere);
        FromPhone(1);
        Assert.True(_engine.To.SameAs(Home));
        _time.Advance(TimeSpan.FromSeconds(11));
        Deliver(Check(nominate: true, priority: 100), Elsewhere);
        FromPhone(2);
        Assert.True(_engine.To.SameAs(Elsewhere));
    }

    [Fact]
    public void A_peer_that_goes_on_with_another_path_without_nominating_it_is_followed()
    {
        Connect();
        for (var second = 0; second < 60; second += 5)
        {
            _time.Advance(TimeSpan.FromSeconds(5));
            _relay.Tick();
            Deliver(Check(nominate: false), Elsewhere);
        }
        FromPhone(1);
        Assert.True(_engine.To.SameAs(Elsewhere));
        Assert.Empty(_told.OfType<PathLost>());
    }

    [Fact]
    public void A_restart_may_choose_a_path_of_lower_priority()
    {
        Connect();
        Deliver(Check(nominate: true, priority: 200), Home);
        var fresh = IceCredentials.Create();
        _relay.OpenPath(_browser, fresh);
        Deliver(Check(nominate: true, fresh, priority: 100), Elsewhere);
        FromPhone(1);
        Assert.True(_engine.To.SameAs(Elsewhere));
    }

    [Fact]
    public void After_a_restart_the_old_fragment_consents_but_chooses_nothing()
    {
        Connect();
        var fresh = IceCredentials.Create();
        _relay.OpenPath(_browser, fresh);
        Deliver(Check(nominate: true), Elsewhere); // by the old one
        FromPhone(1);
        Assert.True(_engine.To.SameAs(Home));
        Deliver(Check(nominate: true, fresh), Elsewhere);
        FromPhone(2);
        Assert.True(_engine.To.SameAs(Elsewhere));
        _engine.Forget();
        Deliver(Check(nominate: true), Home); // the old one is over
        Assert.Equal(0, _engine.Length);
    }

    [Fact]
    public void A_phones_packets_at_the_legs_own_port_are_not_the_browsers()
    {
        Connect();
        Deliver(Plain(1), Home, _browser.Key);
        Assert.Equal((1, 0), (_browser.UnknownSource, _browser.Received.Received));
    }

    [Fact]
    public void Somebody_else_answers_and_the_leg_is_a_phones_again()
    {
        Connect();
        var agreement = new AudioAgreement(IPAddress.Loopback, 6000, 6001, RtcpMux: false, MediaDirection.SendRecv, 20, Codecs);
        _relay.Negotiate(_browser, agreement, new LegCodecs(Codecs), SocketName.From(IPAddress.Loopback, 6000));
        FromPhone(1);
        Assert.Equal(_browser.RtpSocket, _engine.Socket);
        Assert.True(RtpHeader.TryRead(_engine.Datagram, out var header) && header.PayloadLength == 160);
    }

    [Fact]
    public void Another_leg_takes_the_browser_over_and_nobody_has_to_be_asked()
    {
        Connect();
        FromPhone(1);
        var heir = new LegState(null!, 3, 30, 31, new OutgoingRtp(7, 8, 9));
        _relay.Add(heir);
        var given = new GivenPath(null!, "peer", null!);
        _relay.DetachPath(_browser, given);
        FromPhone(2);
        Assert.Equal(1, _browser.Sent);
        _relay.Remove(_browser);
        _relay.AttachPath(heir, given);
        var agreement = new AudioAgreement(null, 9, 9, RtcpMux: true, MediaDirection.SendRecv, 20, Codecs);
        _relay.NegotiateBrowser(heir, agreement, new LegCodecs(Codecs), new BrowserPeer("peer", [_theirs.Fingerprint], DtlsRole.Passive));
        Relay.Bridge(heir, _phone);
        FromPhone(3);
        Assert.Equal(1, heir.Sent);
        Assert.Equal(LastDatagramEngine.Shared, _engine.Socket);
        var before = _phone.Sent;
        Deliver(Protected(1), Home);
        Assert.Equal((1, before + 1), (heir.Received.Received, _phone.Sent));
        _engine.Forget();
        Deliver(Check(nominate: true), Home);
        Assert.NotEqual(0, _engine.Length);
        _relay.Remove(heir);
    }

    [Fact]
    public void Of_two_browsers_that_were_offered_a_leg_the_accepted_one_is_heard_though_the_other_began()
    {
        var (offered, credentials) = Offered();
        using var refused = DtlsContext.Create(TimeProvider.System);
        Connect(Elsewhere, credentials, refused, priority: 200, sender: "rival");
        Accepted(offered);
        FromPhone(1);
        Assert.Equal(0, offered.Sent);

        Connect(Home, credentials, _theirs, priority: 100);
        FromPhone(2);
        Assert.Equal(1, offered.Sent);
        Assert.True(_engine.To.SameAs(Home));
        Deliver(Protected(1), Home);
        Assert.Equal((1, 1), (offered.Received.Received, _phone.Sent));
        Assert.Empty(_told.OfType<PathLost>());
        _relay.Remove(offered);
    }

    [Fact]
    public void A_handshake_that_a_refused_browser_has_begun_is_in_nobodys_way()
    {
        var (offered, credentials) = Offered();
        using var refused = DtlsContext.Create(TimeProvider.System);
        Deliver(Check(nominate: true, credentials, 200, "rival"), Elsewhere);
        Hello(refused, Elsewhere);
        Assert.NotEmpty(_engine.Queue); // It was answered, and goes no further.
        Deliver(Check(nominate: true, credentials, 100), Home);
        Hello(_theirs, Home);
        Assert.Empty(_engine.Queue); // The other is to repeat itself.
        Accepted(offered);

        Connect(Home, credentials, _theirs, priority: 100);
        FromPhone(1);
        Assert.Equal(1, offered.Sent);
        Assert.True(_engine.To.SameAs(Home));
        Assert.Empty(_told.OfType<PathLost>());
        _relay.Remove(offered);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_browser_that_goes_after_a_phone_has_answered_in_its_place_takes_nothing_along(bool completed)
    {
        var (offered, credentials) = Offered();
        using var rival = DtlsContext.Create(TimeProvider.System);
        using var client = new DtlsSession(rival, DtlsRole.Active);
        Deliver(Check(nominate: true, credentials, sender: "rival"), Elsewhere);
        if (completed) Shake(client, Elsewhere);
        else Hello(rival, Elsewhere);
        var agreement = new AudioAgreement(IPAddress.Loopback, 6000, 6001, RtcpMux: false, MediaDirection.SendRecv, 20, Codecs);
        _relay.Negotiate(offered, agreement, new LegCodecs(Codecs), SocketName.From(IPAddress.Loopback, 6000));
        Relay.Bridge(offered, _phone);
        FromPhone(1);
        Assert.Equal(1, offered.Sent);

        if (completed) Close(client, Elsewhere);
        else Deliver(HandshakeFailure, Elsewhere);
        FromPhone(2);
        Assert.Equal((2, offered.RtpSocket), (offered.Sent, _engine.Socket));
        Assert.Empty(_told.OfType<PathLost>());
        Assert.Null(offered.Browser!.Dtls);
        _relay.Remove(offered);
    }

    [Fact]
    public void Checks_of_a_browser_that_was_not_accepted_are_not_answered()
    {
        Connect();
        _engine.Forget();
        Deliver(Check(nominate: true, priority: 200, sender: "rival"), Elsewhere);
        Assert.Equal(0, _engine.Length);
        FromPhone(1);
        Assert.True(_engine.To.SameAs(Home));
    }

    [Fact]
    public void Another_certificate_than_the_answer_announces_is_told_though_it_was_shown_before()
    {
        var (offered, credentials) = Offered();
        using var impostor = DtlsContext.Create(TimeProvider.System);
        Connect(Home, credentials, impostor);
        Accepted(offered);
        Assert.Equal(PathFault.Fingerprint, Assert.Single(_told.OfType<PathLost>()).Fault);
        FromPhone(1);
        Assert.Equal(0, offered.Sent);
        _relay.Remove(offered);
    }

    [Fact]
    public void A_check_that_was_caught_and_comes_again_moves_nothing()
    {
        Connect();
        var caught = Check(nominate: true, priority: 200);
        Deliver(caught, Home);
        _engine.Forget();
        Deliver(caught, Elsewhere);
        Assert.Equal(0, _engine.Length);
        FromPhone(1);
        Assert.True(_engine.To.SameAs(Home));
        _engine.Forget();
        Deliver(caught, Home); // The browser itself repeats one whose answer was lost.
        Assert.NotEqual(0, _engine.Length);

        _time.Advance(TimeSpan.FromSeconds(29));
        Deliver(caught, Home); // It is answered, but old consent is none.
        _time.Advance(TimeSpan.FromSeconds(2));
        _relay.Tick();
        Assert.Equal(PathFault.Consent, Assert.Single(_told.OfType<PathLost>()).Fault);
    }

    [Theory]
    [InlineData(true, 2)]
    [InlineData(false, 1)]
    public void Rtcp_of_reduced_size_is_taken_from_a_browser_and_given_to_who_agreed_to_it(bool agreed, int reports)
    {
        Connect();
        _phone.RtcpMux = true;
        _phone.ReducedRtcp = agreed;
        byte[] report = [0x80, 201, 0, 1, 0, 0, 0, 9];
        byte[] feedback = [0x81, 205, 0, 3, 0, 0, 0, 9, 0, 0, 0, 1, 0, 7, 0, 0]; // a generic NACK alone
        DeliverRtcp(report);
        Assert.Equal(_phone.RtpSocket, _engine.Socket);
        var before = _engine.Count;
        DeliverRtcp(report);
        DeliverRtcp(feedback);
        Assert.Equal(reports, _engine.Count - before);
        Assert.Equal((0, 0), (_browser.Malformed, _browser.Unauthenticated));

        void DeliverRtcp(byte[] datagram)
        {
            var packet = new byte[100];
            datagram.CopyTo(packet, 0);
            Assert.Equal(SrtpVerdict.Accepted, _out!.ProtectRtcp(packet, datagram.Length, out var length));
            Deliver(packet[..length], Home);
        }
    }

    [Fact]
    public void A_browser_that_no_leg_takes_is_let_go()
    {
        Connect();
        var given = new GivenPath(null!, "peer", null!);
        _relay.DetachPath(_browser, given);
        Relay.DropPath(given);
        _relay.AttachPath(_browser, given);
        _engine.Forget();
        Deliver(Check(nominate: true), Home);
        Assert.Equal(0, _engine.Length);
    }

    [Fact]
    public void A_leg_that_is_closed_is_found_by_nobody()
    {
        Connect();
        _relay.Remove(_browser);
        _engine.Forget();
        Deliver(Check(nominate: true), Home);
        Deliver(Protected(1), Home);
        Assert.Equal(0, _engine.Length);
    }

    [Fact]
    public void Packets_and_checks_allocate_nothing()
    {
        Connect();
        var packets = Enumerable.Range(1, 600).Select(i => Protected((ushort)i)).ToArray();
        var plain = Plain(1);
        var check = Check(nominate: true);
        for (var i = 0; i < 100; i++) Round(packets[i], plain, check);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 100; i < 600; i++) Round(packets[i], plain, check);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(600, _browser.Received.Received);
        Assert.Equal(600, _browser.Sent);
        Assert.Equal(600, _phone.Sent);

        void Round(byte[] fromBrowser, byte[] fromPhone, byte[] consent)
        {
            DeliverInPlace(fromBrowser, Home, LastDatagramEngine.Key);
            DeliverInPlace(fromPhone, SocketName.From(IPAddress.Loopback, 4000), _phone.Key);
            DeliverInPlace(consent, Home, LastDatagramEngine.Key);
        }
    }

    // A leg whose offer has gone out to browsers, of which none has answered.
    private (LegState Leg, IceCredentials Credentials) Offered()
    {
        var leg = new LegState(null!, 3, 30, 31, new OutgoingRtp(7, 8, 9));
        _relay.Add(leg);
        var credentials = IceCredentials.Create();
        _relay.OpenPath(leg, credentials);
        return (leg, credentials);
    }

    private void Accepted(LegState offered)
    {
        var agreement = new AudioAgreement(null, 9, 9, RtcpMux: true, MediaDirection.SendRecv, 20, Codecs);
        _relay.NegotiateBrowser(offered, agreement, new LegCodecs(Codecs), new BrowserPeer("peer", [_theirs.Fingerprint], DtlsRole.Passive));
        Relay.Bridge(offered, _phone);
    }

    // The first message of a handshake, and no more.
    private void Hello(DtlsContext by, in SocketName at)
    {
        using var client = new DtlsSession(by, DtlsRole.Active);
        client.Start();
        _engine.Queue.Clear();
        var buffer = new byte[DtlsSession.MaxReceived];
        while (client.TryTake(buffer, out var length)) Deliver(buffer[..length], at);
    }

    private void Connect(bool closes = false) => Connect(Home, _credentials, _theirs, closes: closes);

    private void Connect(in SocketName at, IceCredentials credentials, DtlsContext by, uint priority = 0, bool closes = false, string sender = "peer")
    {
        Deliver(Check(nominate: true, credentials, priority, sender), at);
        using var client = new DtlsSession(by, DtlsRole.Active);
        Shake(client, at);
        _out?.Dispose();
        _out = SrtpSession.OpenSender(client.ExportKeys()!.Value.Local);
        if (closes) Close(client, at);
    }

    private void Shake(DtlsSession client, in SocketName at)
    {
        client.Start();
        var buffer = new byte[DtlsSession.MaxReceived];
        for (var i = 0; i < 20 && (client.State == DtlsState.Handshaking || i == 0); i++)
        {
            _engine.Queue.Clear();
            while (client.TryTake(buffer, out var length)) Deliver(buffer[..length], at);
            foreach (var datagram in _engine.Queue) client.Receive(datagram);
        }
        Assert.Equal(DtlsState.Established, client.State);
    }

    private void Close(DtlsSession client, in SocketName at)
    {
        client.Close();
        var buffer = new byte[DtlsSession.MaxReceived];
        while (client.TryTake(buffer, out var length)) Deliver(buffer[..length], at);
    }

    private byte[] Check(bool nominate, IceCredentials? credentials = null, uint priority = 0, string sender = "peer")
    {
        var to = credentials ?? _credentials;
        var writer = new StunWriter(
            new byte[256], StunClass.Request, StunMessage.Binding, Encoding.ASCII.GetBytes(FormattableString.Invariant($"check{++_checks:D7}")));
        writer.Add(StunAttributeType.UserName, Encoding.ASCII.GetBytes($"{to.Fragment}:{sender}"));
        writer.Add(StunAttributeType.IceControlling, 1ul);
        writer.Add(StunAttributeType.Priority, [(byte)(priority >> 24), (byte)(priority >> 16), (byte)(priority >> 8), (byte)priority]);
        if (nominate) writer.Add(StunAttributeType.UseCandidate, []);
        writer.AddIntegrity(Encoding.ASCII.GetBytes(to.Password));
        writer.AddFingerprint();
        return writer.Written.ToArray();
    }

    private static byte[] Plain(ushort sequence)
    {
        var packet = new byte[172];
        RtpHeader.Write(packet, 8, marker: false, sequence, sequence * 160u, ssrc: 9);
        return packet;
    }

    private byte[] Protected(ushort sequence)
    {
        var packet = new byte[220];
        Plain(sequence).CopyTo(packet, 0);
        Assert.Equal(SrtpVerdict.Accepted, _out!.ProtectRtp(packet, 172, out var length));
        return packet[..length];
    }

    private void FromPhone(ushort sequence) => Deliver(Plain(sequence), SocketName.From(IPAddress.Loopback, 4000), _phone.Key);

    private void Deliver(byte[] datagram, in SocketName from, ulong key = LastDatagramEngine.Key) => DeliverInPlace([.. datagram], from, key);

    private void DeliverInPlace(byte[] datagram, in SocketName from, ulong key)
    {
        _relay.BeginBatch();
        fixed (byte* data = datagram) _relay.OnPacket(key, data, datagram.Length, from);
    }
}
