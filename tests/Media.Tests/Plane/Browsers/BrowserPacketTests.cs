using System.Net;
using ClickToDial.Media.Linux;
using ClickToDial.Media.Srtp;
using ClickToDial.Media.Tests.Support;

namespace ClickToDial.Media.Tests.Plane.Browsers;

/// <summary>Packets from and to browsers: whose they are, RTCP of reduced size (RFC 5506), and that they cost no memory.</summary>
public sealed class BrowserPacketTests : BrowserRig
{
    [Fact]
    public void A_phones_packets_at_the_legs_own_port_are_not_the_browsers()
    {
        Connect();
        Deliver(Plain(1), Home, Browser.Key);
        Assert.Equal((1, 0), (Browser.UnknownSource, Browser.Received.Received));
    }

    [Theory]
    [InlineData(true, 2)]
    [InlineData(false, 1)]
    public void Rtcp_of_reduced_size_is_taken_from_a_browser_and_given_to_who_agreed_to_it(bool agreed, int reports)
    {
        Connect();
        Phone.RtcpMux = true;
        Phone.ReducedRtcp = agreed;
        byte[] report = [0x80, 201, 0, 1, 0, 0, 0, 9];
        byte[] feedback = [0x81, 205, 0, 3, 0, 0, 0, 9, 0, 0, 0, 1, 0, 7, 0, 0]; // a generic NACK alone
        DeliverRtcp(report);
        Assert.Equal(Phone.RtpSocket, Engine.Socket);
        var before = Engine.Count;
        DeliverRtcp(report);
        DeliverRtcp(feedback);
        Assert.Equal(reports, Engine.Count - before);
        Assert.Equal((0, 0), (Browser.Malformed, Browser.Unauthenticated));

        void DeliverRtcp(byte[] datagram)
        {
            var packet = new byte[100];
            datagram.CopyTo(packet, 0);
            Assert.Equal(SrtpVerdict.Accepted, Out!.ProtectRtcp(packet, datagram.Length, out var length));
            Deliver(packet[..length], Home);
        }
    }

    [Fact]
    public void Packets_and_checks_allocate_nothing()
    {
        Connect();
        var packets = Enumerable.Range(1, 600).Select(i => Protected((ushort)i)).ToArray();
        var plain = Plain(1);
        var check = Check(nominate: true);
        var next = 0;
        for (; next < 100; next++) Round(packets[next], plain, check);
        Assert.Equal(0, Allocations.OfLeanestRun(() =>
        {
            for (var end = next + 125; next < end; next++) Round(packets[next], plain, check);
        }));
        Assert.Equal((next, next, next), (Browser.Received.Received, Browser.Sent, Phone.Sent));

        void Round(byte[] fromBrowser, byte[] fromPhone, byte[] consent)
        {
            DeliverInPlace(fromBrowser, Home, LastDatagramEngine.Key);
            DeliverInPlace(fromPhone, SocketName.From(IPAddress.Loopback, 4000), Phone.Key);
            DeliverInPlace(consent, Home, LastDatagramEngine.Key);
        }
    }
}
