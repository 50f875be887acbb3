using System.Net;
using System.Text;
using ClickToDial.Media.Dtls;
using ClickToDial.Media.Ice;
using ClickToDial.Media.Plane;
using ClickToDial.Media.Sdp;
using ClickToDial.TestKit.Browser;

namespace ClickToDial.Media.Tests.Sdp;

/// <summary>RFC 8829 as far as one audio stream needs it.</summary>
public sealed class BrowserSdpTests : IAsyncDisposable
{
    private static readonly LocalAudio Local = new(IPAddress.Parse("192.0.2.1"), 20000, 7);
    private readonly WireBrowser _browser = new();
    private readonly BrowserEnd _end = new(IceCredentials.Create(), DtlsFingerprint.Of([1]), IPAddress.Parse("192.0.2.1"), 19998, HasTcp: true);

    public ValueTask DisposeAsync() => _browser.DisposeAsync();

    [Fact]
    public void A_browsers_offer_is_answered_in_its_terms()
    {
        var offer = Parse(_browser.Describe("actpass"));
        Assert.True(BrowserSdp.IsForBrowser(offer));
        var lines = AnswerTo(offer, AudioCodec.Opus, AudioCodec.TelephoneEvent48);
        Assert.Contains("m=audio 19998 UDP/TLS/RTP/SAVPF 111 110", lines);
        Assert.Contains("a=group:BUNDLE 0", lines);
        Assert.Contains("a=ice-lite", lines);
        Assert.Contains("a=mid:0", lines);
        Assert.Contains("a=rtcp-mux", lines);
        Assert.Contains("a=setup:passive", lines);
        Assert.Contains($"a=ice-ufrag:{_end.Credentials.Fragment}", lines);
        Assert.Contains($"a=ice-pwd:{_end.Credentials.Password}", lines);
        Assert.Contains($"a=fingerprint:{_end.Fingerprint}", lines);
        Assert.Contains("a=candidate:1 1 udp 2130706431 192.0.2.1 19998 typ host", lines);
        Assert.Contains(lines, line => line.EndsWith("typ host tcptype passive", StringComparison.Ordinal));
        Assert.Contains("a=end-of-candidates", lines);
        // What nobody here would act on is not agreed on.
        Assert.DoesNotContain(lines, line => line.StartsWith("a=extmap", StringComparison.Ordinal) || line.StartsWith("a=rtcp-fb", StringComparison.Ordinal));
        Assert.Contains("a=rtcp-rsize", lines);
        Assert.True(BrowserSdp.PeerOf(offer, isOffer: true)!.ReducedRtcp);
        Assert.Single(lines, line => line == "a=rtcp-mux");
    }

    [Theory]
    [InlineData("actpass", true, DtlsRole.Passive, "passive")]
    [InlineData("active", true, DtlsRole.Passive, "passive")]
    [InlineData("passive", true, DtlsRole.Active, "active")]
    [InlineData("active", false, DtlsRole.Passive, null)]
    [InlineData("passive", false, DtlsRole.Active, null)]
    public void Who_begins_the_handshake_is_settled(string setup, bool isOffer, DtlsRole role, string? answered)
    {
        var description = Parse(_browser.Describe(setup));
        var peer = BrowserSdp.PeerOf(description, isOffer);
        Assert.Equal(role, peer!.Role);
        Assert.Equal(_browser.Fragment, peer.Fragment);
        if (answered is not null) Assert.Contains($"a=setup:{answered}", AnswerTo(description, AudioCodec.Pcma));
    }

    [Theory]
    [InlineData("a=ice-ufrag:")]
    [InlineData("a=ice-pwd:")]
    [InlineData("a=fingerprint:")]
    [InlineData("a=setup:")]
    [InlineData("a=rtcp-mux")]
    public void What_has_to_be_there_is_missed(string prefix)
    {
        var text = string.Join("\r\n", _browser.Describe("actpass").Split("\r\n").Where(line => !line.StartsWith(prefix, StringComparison.Ordinal)));
        Assert.Null(BrowserSdp.PeerOf(Parse(text), isOffer: true));
    }

    [Fact]
    public void An_answer_must_have_chosen_its_role() => Assert.Null(BrowserSdp.PeerOf(Parse(_browser.Describe("actpass")), isOffer: false));

    [Fact]
    public void Ice_and_fingerprint_may_stand_above_the_lines()
    {
        var lines = _browser.Describe("actpass").Split("\r\n").ToList();
        var moved = lines.Where(line => line.StartsWith("a=ice-", StringComparison.Ordinal) || line.StartsWith("a=fingerprint", StringComparison.Ordinal)
            || line.StartsWith("a=setup", StringComparison.Ordinal)).ToList();
        lines.RemoveAll(moved.Contains);
        lines.InsertRange(lines.IndexOf("t=0 0") + 1, moved);
        Assert.Equal(_browser.Fragment, BrowserSdp.PeerOf(Parse(string.Join("\r\n", lines)), isOffer: true)!.Fragment);
    }

    [Fact]
    public void Video_beside_the_audio_is_declined_under_its_name()
    {
        var text = _browser.Describe("actpass").Replace("BUNDLE 0", "BUNDLE 0 1", StringComparison.Ordinal)
            + "m=video 9 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\na=mid:1\r\na=rtpmap:96 VP8/90000\r\n";
        var lines = AnswerTo(Parse(text), AudioCodec.Pcma);
        Assert.Contains("m=video 0 UDP/TLS/RTP/SAVPF 96", lines);
        Assert.Contains("a=mid:1", lines);
        Assert.Contains("a=group:BUNDLE 0", lines);
    }

    [Fact]
    public void Our_offer_leaves_the_role_to_the_browser()
    {
        var plain = OfferAnswer.Offer(Local, [AudioCodec.Opus, AudioCodec.Pcma], protocol: BrowserSdp.PlainProtocol);
        var lines = BrowserSdp.Offer(plain, _end with { HasTcp = false }).ToString().Split("\r\n");
        Assert.Contains("a=setup:actpass", lines);
        Assert.Contains("a=mid:0", lines);
        Assert.Contains("a=group:BUNDLE 0", lines);
        Assert.Single(lines, line => line.StartsWith("a=candidate", StringComparison.Ordinal));
        Assert.True(BrowserSdp.IsForBrowser(Parse(string.Join("\r\n", lines))));
    }

    [Fact]
    public void A_browser_on_hold_by_direction_is_answered_so()
    {
        var lines = AnswerTo(Parse(_browser.Describe("actpass", "sendonly")), AudioCodec.Pcma);
        Assert.Contains("a=recvonly", lines);
    }

    [Fact]
    public void A_phones_offer_is_none_of_a_browser() =>
        Assert.False(BrowserSdp.IsForBrowser(OfferAnswer.Offer(Local, [AudioCodec.Pcma])));

    private string[] AnswerTo(SessionDescription offer, params AudioCodec[] codecs)
    {
        var answer = OfferAnswer.Answer(BrowserSdp.ToPlain(offer), Local, codecs);
        Assert.Equal(OfferVerdict.Ok, answer.Verdict);
        return BrowserSdp.Answer(answer.Answer!, _end, BrowserSdp.PeerOf(offer, isOffer: true)!, offer).ToString().Split("\r\n");
    }

    private static SessionDescription Parse(string text)
    {
        Assert.Equal(SdpVerdict.Ok, SessionDescription.TryParse(Encoding.UTF8.GetBytes(text), out var description));
        return description!;
    }
}
