using ClickToDial.Media.Plane;
using ClickToDial.Media.Rtp;
using ClickToDial.Media.Sdp;

namespace ClickToDial.Media.Tests.Plane;

/// <summary>Legs that were opened on different packet threads and are joined later, as a transfer does with the legs of two calls.</summary>
public sealed class MovingLegTests
{
    public static TheoryData<PacketEngine> Engines => [PacketEngine.Epoll, PacketEngine.IoUring];

    [Theory, MemberData(nameof(Engines))]
    public async Task Legs_of_two_threads_hear_each_other(PacketEngine engine)
    {
        await using var plane = await MediaPlaneTests.StartAsync(engine, shards: 2);
        using var alice = new UdpPeer();
        using var bob = new UdpPeer();
        var (a, b) = (Open(plane, alice), Open(plane, bob));
        Assert.NotSame(a.Shard, b.Shard);
        b.Echo();
        bob.Send(b, 8, 1, 0, [1]);
        Assert.Equal([1], (await bob.ReceiveAsync()).Payload);

        a.Bridge(b);
        await b.GetStatisticsAsync(); // it has arrived

        for (ushort i = 2; i < 52; i++)
        {
            bob.Send(b, 8, i, i * 160u, [(byte)i]);
            alice.Send(a, 8, i, i * 160u, [(byte)i]);
        }
        for (ushort i = 2; i < 52; i++)
        {
            Assert.Equal([(byte)i], (await alice.ReceiveAsync()).Payload);
            Assert.Equal([(byte)i], (await bob.ReceiveAsync()).Payload);
        }
        Assert.Same(a.Shard, b.Shard);
        Assert.Equal((51, 51, 0), Figures(await b.CloseAsync())); // those before the move count on
        Assert.Equal((50, 50, 0), Figures(await a.CloseAsync()));
        Assert.Equal(0, plane.OpenLegs);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Prompt_goes_on_across_the_move_without_a_gap_in_its_stream(PacketEngine engine)
    {
        await using var plane = await MediaPlaneTests.StartAsync(engine, shards: 2);
        using var alice = new UdpPeer();
        using var bob = new UdpPeer();
        var (a, b) = (Open(plane, alice), Open(plane, bob));
        b.Play(ClickToDial.Media.Audio.Prompts.Milliwatt, loop: true);
        var before = await bob.ReceiveAsync();

        a.Overhear(b);

        var last = before.Header.Sequence;
        for (var i = 0; i < 20; i++)
        {
            var next = await bob.ReceiveAsync();
            Assert.Equal((ushort)(last + 1), next.Header.Sequence);
            last = next.Header.Sequence;
        }
        Assert.Same(a.Shard, b.Shard);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Leg_that_is_moved_back_and_forth_obeys_in_order(PacketEngine engine)
    {
        await using var plane = await MediaPlaneTests.StartAsync(engine, shards: 3);
        var peers = Enumerable.Range(0, 4).Select(_ => new UdpPeer()).ToArray();
        var legs = peers.Select(peer => Open(plane, peer)).ToArray();
        Assert.Equal(3, legs.Take(3).Select(leg => leg.Shard).Distinct().Count());
        for (ushort round = 0; round < 200; round++)
        {
            for (var i = 1; i < 4; i++) legs[i].Bridge(legs[0]);
        }

        await legs[0].GetStatisticsAsync();
        peers[0].Send(legs[0], 8, 1, 0, [1]);
        peers[3].Send(legs[3], 8, 1, 0, [2]);

        Assert.Equal([1], (await peers[3].ReceiveAsync()).Payload);
        Assert.Equal([2], (await peers[0].ReceiveAsync()).Payload);
        Assert.Equal(0, peers[1].Waiting + peers[2].Waiting);
        foreach (var leg in legs) await leg.CloseAsync();
        Assert.Equal(0, plane.OpenLegs);
        foreach (var peer in peers) peer.Dispose();
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Leg_closed_on_its_way_frees_its_ports(PacketEngine engine)
    {
        await using var plane = await MediaPlaneTests.StartAsync(engine, shards: 2);
        using var alice = new UdpPeer();
        var (a, b) = (Open(plane, alice), Open(plane, alice));
        a.Bridge(b);

        await b.CloseAsync();

        a.Bridge(b); // it is gone: nothing happens
        await a.GetStatisticsAsync();
        using var rtp = new System.Net.Sockets.UdpClient(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, b.LocalPort));
        using var rtcp = new System.Net.Sockets.UdpClient(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, b.LocalPort + 1));
        a.Echo();
        alice.Send(a, 8, 1, 0, [1]);
        Assert.Equal([1], (await alice.ReceiveAsync()).Payload);
    }

    private static (long, long, long) Figures(LegStatistics statistics) => (statistics.PacketsReceived, statistics.PacketsSent, statistics.PacketsLost);

    private static MediaLeg Open(MediaPlane plane, UdpPeer peer)
    {
        var leg = plane.TryOpenLeg() ?? throw new InvalidOperationException("No port was left.");
        leg.SetRemote(peer.Agreement((AudioCodec.Pcma, 8)));
        return leg;
    }
}
