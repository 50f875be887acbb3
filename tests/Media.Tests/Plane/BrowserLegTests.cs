using System.Threading.Channels;
using ClickToDial.Media.Dtls;
using ClickToDial.Media.Plane;
using ClickToDial.Media.Rtp;
using ClickToDial.Media.Sdp;
using ClickToDial.Media.Stun;
using ClickToDial.TestKit.Browser;
using ClickToDial.TestKit.Network;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClickToDial.Media.Tests.Plane;

/// <summary>F1: legs to browsers over real sockets, with a browser's media made by the test kit.</summary>
public sealed class BrowserLegTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);
    private readonly PortBlock _ports = PortBlock.Take();

    public static TheoryData<PacketEngine, bool, bool> Ways => new()
    {
        { PacketEngine.Epoll, true, false },
        { PacketEngine.Epoll, false, false },
        { PacketEngine.Epoll, true, true },
        { PacketEngine.IoUring, true, false },
    };

    public void Dispose() => _ports.Dispose();

    [Theory, MemberData(nameof(Ways))]
    public async Task A_browser_and_a_phone_hear_each_other(PacketEngine engine, bool browserBegins, bool tcp)
    {
        await using var plane = await StartAsync(engine);
        await using var browser = new WireBrowser();
        using var phone = new UdpPeer();
        var (a, end) = Offered(plane, browser, browserBegins ? "actpass" : "passive");
        var b = plane.TryOpenLeg(beside: a)!;
        b.SetRemote(phone.Agreement((AudioCodec.Pcma, 8)));
        a.Bridge(b);
        await browser.ConnectAsync(end, active: browserBegins, tcp);
        await HearEachOtherAsync(browser, phone, b);
        var figures = await a.CloseAsync();
        Assert.Equal("AEAD_AES_128_GCM", figures.Protection);
        Assert.Equal(0, figures.Unauthenticated);
    }

    [Fact]
    public async Task A_browser_that_is_offered_a_call_may_begin_before_its_answer_has_come()
    {
        await using var plane = await StartAsync();
        await using var browser = new WireBrowser();
        using var phone = new UdpPeer();
        var a = plane.TryOpenLeg()!;
        var offer = OfferAnswer.Offer(new LocalAudio(plane.Address, a.LocalPort, 1), [AudioCodec.Pcma], protocol: BrowserSdp.PlainProtocol);
        var end = WireEnd.Read(BrowserSdp.Offer(offer, a.OpenToBrowser()!).ToString());
        Assert.Equal("actpass", end.Setup);
        await browser.ConnectAsync(end, active: true);

        var answer = Parse(browser.Describe("active", codecs: "8"));
        var accepted = OfferAnswer.Accept(offer, BrowserSdp.ToPlain(answer));
        a.SetRemote(accepted.Agreement!, BrowserSdp.PeerOf(answer, isOffer: false)!);
        var b = plane.TryOpenLeg(beside: a)!;
        b.SetRemote(phone.Agreement((AudioCodec.Pcma, 8)));
        a.Bridge(b);
        await HearEachOtherAsync(browser, phone, b);
    }

    [Fact]
    public async Task Two_browsers_share_the_port_and_hear_each_other()
    {
        await using var plane = await StartAsync();
        await using var one = new WireBrowser();
        await using var other = new WireBrowser { Ssrc = 7 };
        var (a, endOfA) = Offered(plane, one, "actpass");
        var (b, endOfB) = Offered(plane, other, "actpass");
        Assert.Equal(endOfA.Address, endOfB.Address);
        Assert.NotEqual(endOfA.Fragment, endOfB.Fragment);
        a.Bridge(b);
        await one.ConnectAsync(endOfA, active: true);
        await other.ConnectAsync(endOfB, active: true);
        one.SendRtp(8, 1, 160, [1, 2, 3]);
        other.SendRtp(8, 1, 160, [4, 5, 6]);
        Assert.Equal([1, 2, 3], PayloadOf(await other.ReceiveRtpAsync()));
        Assert.Equal([4, 5, 6], PayloadOf(await one.ReceiveRtpAsync()));
    }

    [Fact]
    public async Task Another_certificate_than_was_announced_ends_it_and_nothing_is_sent()
    {
        await using var plane = await StartAsync();
        await using var browser = new WireBrowser();
        await using var announced = new WireBrowser();
        browser.Fingerprint = announced.Fingerprint;
        using var phone = new UdpPeer();
        var events = Channel.CreateUnbounded<MediaEvent>();
        var (a, end) = Offered(plane, browser, "actpass", e => events.Writer.TryWrite(e));
        var b = plane.TryOpenLeg(beside: a)!;
        b.SetRemote(phone.Agreement((AudioCodec.Pcma, 8)));
        a.Bridge(b);
        await browser.ConnectAsync(end, active: true);
        using var limit = new CancellationTokenSource(Deadline);
        var lost = Assert.IsType<PathLost>(await events.Reader.ReadAsync(limit.Token));
        Assert.Equal(PathFault.Fingerprint, lost.Fault);
        browser.SendRtp(8, 1, 160, [1]);
        phone.Send(b, 8, 1, 160, [2]);
        await browser.CheckAsync(end); // sent after those two, and answered after they were looked at
        var figures = await a.CloseAsync();
        Assert.Equal((0, 0), (figures.PacketsReceived, figures.PacketsSent));
    }

    [Fact]
    public async Task Who_has_not_proved_itself_is_not_answered()
    {
        await using var plane = await StartAsync();
        await using var browser = new WireBrowser();
        await using var stranger = new WireBrowser();
        var (_, end) = Offered(plane, browser, "actpass");
        await stranger.OpenAsync(end);
        using var hello = DtlsContext.Create(TimeProvider.System);
        using var session = new DtlsSession(hello, DtlsRole.Active);
        session.Start();
        var datagram = new byte[DtlsSession.MaxReceived];
        Assert.True(session.TryTake(datagram, out var length));
        stranger.SendRaw(datagram.AsSpan(0, length));
        stranger.SendRaw([0x80, 8, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 9, 9, 9, 9]);
        stranger.SendRaw([]);
        var forged = end with { Password = new string('x', 24) };
        await Assert.ThrowsAnyAsync<Exception>(() => stranger.CheckAsync(forged).WaitAsync(TimeSpan.FromMilliseconds(400)));
        Assert.Equal(DtlsState.Handshaking, session.State);
        await browser.ConnectAsync(end, active: true);
        Assert.Equal(DtlsState.Established, browser.State);
    }

    [Fact]
    public async Task Ice_begins_anew_and_the_sound_goes_on_from_the_new_address()
    {
        await using var plane = await StartAsync();
        await using var browser = new WireBrowser();
        using var phone = new UdpPeer();
        var (a, end) = Offered(plane, browser, "actpass");
        var b = plane.TryOpenLeg(beside: a)!;
        b.SetRemote(phone.Agreement((AudioCodec.Pcma, 8)));
        a.Bridge(b);
        await browser.ConnectAsync(end, active: true);
        await HearEachOtherAsync(browser, phone, b);

        browser.Restart();
        var again = Answered(plane, a, browser, "actpass");
        Assert.NotEqual(end.Fragment, again.Fragment);
        Assert.Equal(end.Fingerprint, again.Fingerprint);
        await browser.OpenAsync(again);
        Assert.Equal(StunClass.Success, await browser.CheckAsync(again, nominate: true));
        await HearEachOtherAsync(browser, phone, b, from: 10);
    }

    [Fact]
    public async Task The_same_offer_again_keeps_ice_as_it_is()
    {
        await using var plane = await StartAsync();
        await using var browser = new WireBrowser();
        var (a, end) = Offered(plane, browser, "actpass");
        Assert.Equal(end.Fragment, Answered(plane, a, browser, "actpass").Fragment);
    }

    [Fact]
    public async Task Without_a_port_for_browsers_there_is_nothing_to_tell_them()
    {
        await using var plane = await MediaPlane.StartAsync(Options(PacketEngine.Epoll) with { BrowserPort = -1 }, TimeProvider.System, NullLogger<MediaPlane>.Instance);
        Assert.False(plane.ServesBrowsers);
        Assert.Null(plane.TryOpenLeg()!.OpenToBrowser());
    }

    private static async Task HearEachOtherAsync(WireBrowser browser, UdpPeer phone, MediaLeg ofPhone, ushort from = 0)
    {
        for (var i = (ushort)(from + 1); i <= from + 5; i++)
        {
            browser.SendRtp(8, i, i * 160u, [(byte)i, 1]);
            Assert.Equal([(byte)i, 1], (await phone.ReceiveAsync()).Payload);
            phone.Send(ofPhone, 8, i, i * 160u, [(byte)i, 2]);
            Assert.Equal([(byte)i, 2], PayloadOf(await browser.ReceiveRtpAsync()));
        }
    }

    private static byte[] PayloadOf(byte[] packet)
    {
        Assert.True(RtpHeader.TryRead(packet, out var header));
        return packet[header.HeaderLength..];
    }

    private static (MediaLeg Leg, WireEnd End) Offered(MediaPlane plane, WireBrowser browser, string setup, Action<MediaEvent>? onEvent = null)
    {
        var leg = plane.TryOpenLeg(onEvent)!;
        return (leg, Answered(plane, leg, browser, setup));
    }

    private static WireEnd Answered(MediaPlane plane, MediaLeg leg, WireBrowser browser, string setup)
    {
        var offer = Parse(browser.Describe(setup));
        var peer = BrowserSdp.PeerOf(offer, isOffer: true)!;
        var end = leg.OpenToBrowser(peer.Fragment)!;
        var answer = OfferAnswer.Answer(BrowserSdp.ToPlain(offer), new LocalAudio(plane.Address, leg.LocalPort, 1), [AudioCodec.Pcma]);
        leg.SetRemote(answer.Agreement!, peer);
        return WireEnd.Read(BrowserSdp.Answer(answer.Answer!, end, peer, offer).ToString());
    }

    private static SessionDescription Parse(string text)
    {
        Assert.Equal(SdpVerdict.Ok, SessionDescription.TryParse(System.Text.Encoding.UTF8.GetBytes(text), out var description));
        return description!;
    }

    private TestOptions Options(PacketEngine engine)
    {
        var (first, last) = _ports.NextRange(8);
        return new TestOptions(first, last, _ports.Next(), engine);
    }

    private async Task<MediaPlane> StartAsync(PacketEngine engine = PacketEngine.Epoll)
    {
        try
        {
            return await MediaPlane.StartAsync(Options(engine), TimeProvider.System, NullLogger<MediaPlane>.Instance);
        }
        catch (IOException refusal) when (engine == PacketEngine.IoUring)
        {
            Assert.Skip(refusal.Message);
            throw;
        }
    }

    private sealed record TestOptions(int First, int Last, int BrowserPort, PacketEngine Engine)
    {
        public static implicit operator MediaOptions(TestOptions options) => new()
        {
            BindAddress = "127.0.0.1",
            FirstPort = options.First,
            LastPort = options.Last,
            BrowserPort = options.BrowserPort,
            Engine = options.Engine,
            QuarantineSeconds = 0,
            Shards = 2,
        };
    }
}
