using System.Net;
using System.Net.Sockets;
using ClickToDial.Media.Plane;
using ClickToDial.Media.Sdp;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClickToDial.Media.Tests.Plane;

/// <summary>IPv4 and IPv6 on one plane.</summary>
public sealed class AddressFamilyTests
{
    [Theory, MemberData(nameof(MediaPlaneTests.Engines), MemberType = typeof(MediaPlaneTests))]
    public async Task Legs_of_both_families_hear_each_other(PacketEngine engine)
    {
        if (!Socket.OSSupportsIPv6) Assert.Skip("This machine has no IPv6.");
        var options = new MediaOptions { BindAddress = "::", PublicAddress = "127.0.0.1", PublicAddress6 = "::1" };
        await using var plane = await MediaPlaneTests.StartAsync(engine, options: options);
        using var alice = new UdpPeer();
        using var bob = new UdpPeer(IPAddress.IPv6Loopback) { Ssrc = 0x55667788 };
        var started = new TaskCompletionSource<IPEndPoint>();
        var a = plane.TryOpenLeg(told => started.TrySetResult(((MediaStarted)told).Source))!;
        var b = plane.TryOpenLeg(beside: a)!;
        a.SetRemote(alice.Agreement((AudioCodec.Pcma, 8)));
        b.SetRemote(bob.Agreement((AudioCodec.Pcma, 8)));
        a.Bridge(b);

        alice.Send(a, 8, 1, 0, [1, 1]);
        bob.Send(b, 8, 1, 0, [2, 2]);

        var (_, atBob, from) = await bob.ReceiveAsync();
        Assert.Equal([1, 1], atBob);
        Assert.Equal(new IPEndPoint(IPAddress.IPv6Loopback, b.LocalPort), from);
        var (_, atAlice, back) = await alice.ReceiveAsync();
        Assert.Equal([2, 2], atAlice);
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, a.LocalPort), back);
        Assert.Equal(alice.EndPoint, await started.Task);
    }

    [Theory]
    [InlineData("::", "192.0.2.1", "2001:db8::1", "192.0.2.1", "2001:db8::1", "192.0.2.1")]
    [InlineData("::", "", "2001:db8::1", null, "2001:db8::1", "2001:db8::1")]
    [InlineData("::", "2001:db8::1", "", null, "2001:db8::1", "2001:db8::1")]
    [InlineData("2001:db8::1", "", "", null, "2001:db8::1", "2001:db8::1")]
    [InlineData("192.0.2.1", "", "", "192.0.2.1", null, "192.0.2.1")]
    [InlineData("0.0.0.0", "192.0.2.1", "", "192.0.2.1", null, "192.0.2.1")]
    public void Each_family_has_the_address_that_was_set(string bind, string four, string six, string? told4, string? told6, string usual)
    {
        var options = new MediaOptions { BindAddress = bind, PublicAddress = four, PublicAddress6 = six };
        Assert.Empty(options.Validate());
        Assert.Equal(
            (told4, told6, usual),
            (options.Advertised(AddressFamily.InterNetwork)?.ToString(), options.Advertised(AddressFamily.InterNetworkV6)?.ToString(), options.AdvertisedAddress.ToString()));
    }

    [Theory]
    [InlineData("0.0.0.0", "192.0.2.1", "2001:db8::1")]
    [InlineData("2001:db8::7", "", "2001:db8::1")]
    [InlineData("::", "192.0.2.1", "192.0.2.2")]
    [InlineData("::", "192.0.2.1", "::")]
    [InlineData("::", "2001:db8::1", "2001:db8::2")]
    public void Address_of_a_family_that_no_socket_has_is_an_error(string bind, string four, string six)
    {
        Assert.Single(new MediaOptions { BindAddress = bind, PublicAddress = four, PublicAddress6 = six }.Validate());
    }
}
