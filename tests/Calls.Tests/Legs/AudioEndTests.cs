using System.Security.Cryptography;
using System.Text;
using ClickToDial.Calls.Legs;
using ClickToDial.Media.Plane;
using ClickToDial.Media.Sdp;
using ClickToDial.Media.Srtp;
using ClickToDial.TestKit.Browser;
using ClickToDial.TestKit.Network;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClickToDial.Calls.Tests.Legs;

public sealed class AudioEndTests : IDisposable
{
    private readonly PortBlock _ports = PortBlock.Take();

    public void Dispose() => _ports.Dispose();

    [Fact(DisplayName = "F1: an offer that is refused begins nothing anew: the browser goes on by the credentials it knows")]
    public async Task Refused_offer_leaves_ice_as_it_was()
    {
        var (first, last) = _ports.NextRange(8);
        var options = new MediaOptions { BindAddress = "127.0.0.1", FirstPort = first, LastPort = last, BrowserPort = _ports.Next(), Shards = 1, Engine = PacketEngine.Epoll };
        await using var plane = await MediaPlane.StartAsync(options, TimeProvider.System, NullLogger<MediaPlane>.Instance);
        await using var browser = new WireBrowser();
        var end = new AudioEnd(plane, plane.TryOpenLeg()!, new SdesKeying([.. SrtpProfiles.Preferred], RandomNumberGenerator.Fill), sessionId: 1);
        var before = browser.Describe("actpass", codecs: "8");
        var agreed = Answered(end, before);

        browser.Restart();
        Assert.NotEqual(OfferVerdict.Ok, Answer(end, browser.Describe("actpass", codecs: "111"), out _)); // what we would not take
        Assert.Equal(agreed.Fragment, Answered(end, before).Fragment);

        Assert.NotEqual(agreed.Fragment, Answered(end, browser.Describe("actpass", codecs: "8")).Fragment); // the restart, in an offer that holds
    }

    private static WireEnd Answered(AudioEnd end, string offer)
    {
        Assert.Equal(OfferVerdict.Ok, Answer(end, offer, out var answer));
        return WireEnd.Read(Encoding.UTF8.GetString(answer));
    }

    private static OfferVerdict Answer(AudioEnd end, string offer, out byte[] answer) =>
        end.Answer(Encoding.UTF8.GetBytes(offer), [AudioCodec.Pcma], MediaDirection.SendRecv, SrtpUse.None, out answer);
}
