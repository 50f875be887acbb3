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

namespace ClickToDial.Media.Tests.Plane.Browsers;

/// <summary>A leg to a browser, bridged to a phone's, on a relay whose clock only the test moves.</summary>
public abstract unsafe class BrowserRig : IDisposable
{
    private protected static readonly SocketName Home = SocketName.From(IPAddress.Parse("192.0.2.7"), 4711);
    private protected static readonly SocketName Elsewhere = SocketName.From(IPAddress.Parse("198.51.100.9"), 5000);
    // A fatal alert of DTLS 1.2 before there are keys (RFC 5246 section 7.2.2).
    private protected static readonly byte[] HandshakeFailure = [21, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, 9, 0, 2, 2, 40];
    private protected static readonly NegotiatedCodec[] Codecs = [new(AudioCodec.Pcma, 8, 8)];
    private protected DtlsContext Theirs { get; } = DtlsContext.Create(TimeProvider.System);
    private protected ManualTimeProvider Time { get; } = new();
    private protected LastDatagramEngine Engine { get; } = new();
    private protected List<MediaEvent> Told { get; } = [];
    private protected IceCredentials Credentials { get; } = IceCredentials.Create();
    private protected Relay Relay { get; }
    private protected LegState Browser { get; } = new(null!, 1, 10, 11, new OutgoingRtp(1, 2, 3));
    private protected LegState Phone { get; } = new(null!, 2, 20, 21, new OutgoingRtp(4, 5, 6));
    /// <summary>Protects as the browser that is connected.</summary>
    private protected SrtpSession? Out { get; private set; }
    private readonly DtlsContext _ours = DtlsContext.Create(TimeProvider.System);
    private int _checks;

    protected BrowserRig()
    {
        Relay = new Relay(Engine, new MediaClock(Time), latchWindow: 5_000_000_000, Told.Add);
        Relay.OpenBrowserPort(LastDatagramEngine.Shared, _ours);
        Relay.Add(Browser);
        Relay.Add(Phone);
        var agreement = new AudioAgreement(IPAddress.Loopback, 4000, 4001, RtcpMux: false, MediaDirection.SendRecv, 20, Codecs);
        Relay.Negotiate(Phone, agreement, new LegCodecs(Codecs), SocketName.From(IPAddress.Loopback, 4000));
        Relay.OpenPath(Browser, Credentials);
        Relay.NegotiateBrowser(Browser, agreement with { RemoteAddress = null }, new LegCodecs(Codecs), new BrowserPeer("peer", [Theirs.Fingerprint], DtlsRole.Passive));
        Relay.Bridge(Browser, Phone);
    }

    public void Dispose()
    {
        Relay.Remove(Browser);
        Out?.Dispose();
        Engine.Dispose();
        _ours.Dispose();
        Theirs.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>A leg whose offer has gone out to browsers, of which none has answered.</summary>
    private protected (LegState Leg, IceCredentials Credentials) Offered()
    {
        var leg = new LegState(null!, 3, 30, 31, new OutgoingRtp(7, 8, 9));
        Relay.Add(leg);
        var credentials = IceCredentials.Create();
        Relay.OpenPath(leg, credentials);
        return (leg, credentials);
    }

    private protected void Accepted(LegState offered, DtlsRole role = DtlsRole.Passive)
    {
        var agreement = new AudioAgreement(null, 9, 9, RtcpMux: true, MediaDirection.SendRecv, 20, Codecs);
        Relay.NegotiateBrowser(offered, agreement, new LegCodecs(Codecs), new BrowserPeer("peer", [Theirs.Fingerprint], role));
        Relay.Bridge(offered, Phone);
    }

    /// <summary>The first message of a handshake, and no more.</summary>
    private protected void Hello(DtlsContext by, in SocketName at)
    {
        using var client = new DtlsSession(by, DtlsRole.Active);
        client.Start();
        Engine.Queue.Clear();
        var buffer = new byte[DtlsSession.MaxReceived];
        while (client.TryTake(buffer, out var length)) Deliver(buffer[..length], at);
    }

    private protected void Connect(bool closes = false) => Connect(Home, Credentials, Theirs, closes: closes);

    private protected void Connect(in SocketName at, IceCredentials credentials, DtlsContext by, uint priority = 0, bool closes = false, string sender = "peer")
    {
        Deliver(Check(nominate: true, credentials, priority, sender), at);
        using var client = new DtlsSession(by, DtlsRole.Active);
        Shake(client, at);
        Out?.Dispose();
        Out = SrtpSession.OpenSender(client.ExportKeys()!.Value.Local);
        if (closes) Close(client, at);
    }

    private protected void Shake(DtlsSession client, in SocketName at)
    {
        client.Start();
        var buffer = new byte[DtlsSession.MaxReceived];
        for (var i = 0; i < 20 && (client.State == DtlsState.Handshaking || i == 0); i++)
        {
            Engine.Queue.Clear();
            while (client.TryTake(buffer, out var length)) Deliver(buffer[..length], at);
            foreach (var datagram in Engine.Queue) client.Receive(datagram);
        }
        Assert.Equal(DtlsState.Established, client.State);
    }

    private protected void Close(DtlsSession client, in SocketName at)
    {
        client.Close();
        var buffer = new byte[DtlsSession.MaxReceived];
        while (client.TryTake(buffer, out var length)) Deliver(buffer[..length], at);
    }

    private protected byte[] Check(bool nominate, IceCredentials? credentials = null, uint priority = 0, string sender = "peer")
    {
        var to = credentials ?? Credentials;
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

    private protected static byte[] Plain(ushort sequence)
    {
        var packet = new byte[172];
        RtpHeader.Write(packet, 8, marker: false, sequence, sequence * 160u, ssrc: 9);
        return packet;
    }

    private protected byte[] Protected(ushort sequence)
    {
        var packet = new byte[220];
        Plain(sequence).CopyTo(packet, 0);
        Assert.Equal(SrtpVerdict.Accepted, Out!.ProtectRtp(packet, 172, out var length));
        return packet[..length];
    }

    private protected void FromPhone(ushort sequence) => Deliver(Plain(sequence), SocketName.From(IPAddress.Loopback, 4000), Phone.Key);

    private protected void Deliver(byte[] datagram, in SocketName from, ulong key = LastDatagramEngine.Key) => DeliverInPlace([.. datagram], from, key);

    private protected void DeliverInPlace(byte[] datagram, in SocketName from, ulong key)
    {
        Relay.BeginBatch();
        fixed (byte* data = datagram) Relay.OnPacket(key, data, datagram.Length, from);
    }
}
