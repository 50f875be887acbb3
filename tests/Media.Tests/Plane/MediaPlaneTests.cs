using System.Threading.Channels;
using ClickToDial.Media.Audio;
using ClickToDial.Media.Plane;
using ClickToDial.Media.Rtp;
using ClickToDial.Media.Sdp;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClickToDial.Media.Tests.Plane;

/// <summary>The whole plane over real sockets, with each engine this kernel has.</summary>
public sealed class MediaPlaneTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    public static TheoryData<PacketEngine> Engines => [PacketEngine.Epoll, PacketEngine.IoUring];

    [Theory, MemberData(nameof(Engines))]
    public async Task Bridged_legs_hear_each_other(PacketEngine engine)
    {
        await using var plane = await StartAsync(engine);
        using var alice = new UdpPeer();
        using var bob = new UdpPeer { Ssrc = 0x55667788 };
        var a = Open(plane);
        var b = plane.TryOpenLeg(beside: a)!;
        a.SetRemote(alice.Agreement((AudioCodec.Pcma, 8)));
        b.SetRemote(bob.Agreement((AudioCodec.Pcma, 8)));
        a.Bridge(b);

        for (ushort i = 0; i < 50; i++)
        {
            alice.Send(a, 8, i, i * 160u, [(byte)i, 1]);
            bob.Send(b, 8, (ushort)(1000 + i), i * 160u, [(byte)i, 2]);
        }

        for (var i = 0; i < 50; i++)
        {
            var atBob = await bob.ReceiveAsync();
            var atAlice = await alice.ReceiveAsync();
            Assert.Equal([(byte)i, 1], atBob.Payload);
            Assert.Equal([(byte)i, 2], atAlice.Payload);
            Assert.Equal(b.LocalPort, atBob.From.Port);
        }
        var statistics = await a.CloseAsync();
        Assert.Equal((50, 50, 0), (statistics.PacketsReceived, statistics.PacketsSent, statistics.PacketsLost));
        Assert.Equal("PCMA", statistics.Codec);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Prompt_is_played_whole_and_its_end_is_told(PacketEngine engine)
    {
        await using var plane = await StartAsync(engine);
        using var alice = new UdpPeer();
        var events = Channel.CreateUnbounded<MediaEvent>();
        var leg = plane.TryOpenLeg(e => events.Writer.TryWrite(e))!;
        leg.SetRemote(alice.Agreement((AudioCodec.Pcmu, 0)));
        var prompt = Prompt.FromMuLaw("count", [.. Enumerable.Range(0, 800).Select(i => (byte)i)]);

        leg.Play(prompt);

        var first = await alice.ReceiveAsync();
        var heard = new List<byte>(first.Payload);
        for (var i = 1; i < 5; i++)
        {
            var next = await alice.ReceiveAsync();
            Assert.Equal((ushort)(first.Header.Sequence + i), next.Header.Sequence);
            Assert.Equal(first.Header.Timestamp + (uint)(i * 160), next.Header.Timestamp);
            heard.AddRange(next.Payload);
        }
        Assert.True(first.Header.Marker);
        Assert.Equal(prompt.MuLaw, heard.ToArray());
        var finished = Assert.IsType<PromptFinished>(await events.Reader.ReadAsync().AsTask().WaitAsync(Deadline));
        Assert.Same(prompt, finished.Prompt);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Key_presses_are_told_once_each(PacketEngine engine)
    {
        await using var plane = await StartAsync(engine);
        using var alice = new UdpPeer();
        var events = Channel.CreateUnbounded<MediaEvent>();
        var leg = plane.TryOpenLeg(e => events.Writer.TryWrite(e))!;
        leg.SetRemote(alice.Agreement((AudioCodec.Pcma, 8), (AudioCodec.TelephoneEvent, 101)));
        leg.Echo(); // the last packet's return tells that all have been seen

        ushort sequence = 0;
        foreach (var (code, timestamp) in new (byte, uint)[] { (1, 1000), (1, 5000), (11, 9000) })
        {
            for (var i = 0; i < 7; i++) alice.Send(leg, 101, sequence++, timestamp, [code, (byte)(i < 4 ? 10 : 0x8A), 1, 0]);
        }

        Assert.Equal(alice.EndPoint, Assert.IsType<MediaStarted>(await NextAsync(events)).Source);
        foreach (var digit in "11#") Assert.Equal(digit, Assert.IsType<DigitPressed>(await NextAsync(events)).Digit);
        for (var i = 0; i < 21; i++) await alice.ReceiveAsync();
        Assert.Equal(21, (await leg.CloseAsync()).PacketsReceived);
        Assert.False(events.Reader.TryRead(out _));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Echo_comes_back_to_where_it_came_from(PacketEngine engine)
    {
        await using var plane = await StartAsync(engine);
        using var alice = new UdpPeer();
        using var behindNat = new UdpPeer();
        var leg = Open(plane);
        leg.SetRemote(alice.Agreement((AudioCodec.G722, 9)));
        leg.Echo();

        behindNat.Send(leg, 9, 1, 0, [1, 2, 3]);

        var back = await behindNat.ReceiveAsync();
        Assert.Equal([1, 2, 3], back.Payload);
        Assert.NotEqual(behindNat.Ssrc, back.Header.Ssrc);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Attacker_cannot_take_a_latched_leg_over(PacketEngine engine)
    {
        await using var plane = await StartAsync(engine);
        using var alice = new UdpPeer();
        using var bob = new UdpPeer();
        using var mallory = new UdpPeer();
        var a = Open(plane);
        var b = plane.TryOpenLeg(beside: a)!;
        a.SetRemote(alice.Agreement((AudioCodec.Pcma, 8)));
        b.SetRemote(bob.Agreement((AudioCodec.Pcma, 8)));
        a.Bridge(b);
        alice.Send(a, 8, 1, 0, [1]);
        Assert.Equal([1], (await bob.ReceiveAsync()).Payload);

        for (ushort i = 0; i < 20; i++) mallory.Send(a, 8, (ushort)(2 + i), 160, [6]);
        alice.Send(a, 8, 2, 160, [2]);
        bob.Send(b, 8, 1, 0, [9]);

        Assert.Equal([2], (await bob.ReceiveAsync()).Payload);
        Assert.Equal([9], (await alice.ReceiveAsync()).Payload);
        var statistics = await a.CloseAsync();
        Assert.Equal((2, 20, 0), (statistics.PacketsReceived, statistics.UnknownSource, mallory.Waiting));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Closed_leg_frees_its_ports_and_keeps_its_figures(PacketEngine engine)
    {
        await using var plane = await StartAsync(engine);
        using var alice = new UdpPeer();
        var leg = Open(plane);
        leg.SetRemote(alice.Agreement((AudioCodec.Pcma, 8)));
        leg.Echo();
        alice.Send(leg, 8, 1, 0, [1]);
        await alice.ReceiveAsync();

        var last = await leg.CloseAsync();

        Assert.Equal(1, last.PacketsReceived);
        Assert.Same(last, await leg.CloseAsync());
        Assert.Same(last, await leg.GetStatisticsAsync());
        Assert.Equal(0, plane.OpenLegs);
        leg.Play(Prompts.Busy); // after closing, nothing happens
        leg.SendDigits("1");
        var next = Open(plane); // commands are in order: once this answers, the loop has been round and the descriptors are closed
        await next.GetStatisticsAsync();
        using var rtp = new System.Net.Sockets.UdpClient(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, leg.LocalPort));
        using var rtcp = new System.Net.Sockets.UdpClient(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, leg.LocalPort + 1));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Garbage_of_every_length_is_dropped(PacketEngine engine)
    {
        await using var plane = await StartAsync(engine);
        using var alice = new UdpPeer();
        var leg = Open(plane);
        leg.SetRemote(alice.Agreement((AudioCodec.Pcma, 8)));
        leg.Echo();
        var random = new Random(1);
        foreach (var length in new[] { 0, 1, 11, 12, 100, 1500, 2000, 2048, 4000, 9000 })
        {
            var garbage = new byte[length];
            random.NextBytes(garbage);
            if (length > 0) garbage[0] = 0x40; // version 1
            alice.SendRaw(leg.LocalPort, garbage);
            alice.SendRaw(leg.LocalPort + 1, garbage);
        }
        alice.Send(leg, 8, 1, 0, [42]);

        Assert.Equal([42], (await alice.ReceiveAsync()).Payload);
        Assert.Equal(1, (await leg.CloseAsync()).PacketsReceived);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task More_packets_at_once_than_there_are_buffers_all_arrive(PacketEngine engine)
    {
        const int phones = 24, each = 60; // 1440 packets, above the receive buffers of both engines
        await using var plane = await StartAsync(engine);
        var peers = Enumerable.Range(0, phones).Select(_ => new UdpPeer()).ToArray();
        var legs = peers.Select(peer =>
        {
            var leg = Open(plane);
            leg.SetRemote(peer.Agreement((AudioCodec.Pcma, 8)));
            leg.Echo();
            return leg;
        }).ToArray();
        for (ushort i = 0; i < each; i++)
        {
            for (var p = 0; p < phones; p++) peers[p].Send(legs[p], 8, i, i * 160u, new byte[160]);
        }
        foreach (var peer in peers)
        {
            for (var i = 0; i < each; i++) await peer.ReceiveAsync();
            peer.Dispose();
        }
    }

    [Fact]
    public async Task When_every_port_is_taken_no_leg_is_opened()
    {
        using var taken = new System.Net.Sockets.UdpClient(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        var port = ((System.Net.IPEndPoint)taken.Client.LocalEndPoint!).Port & ~1;
        var options = new MediaOptions { BindAddress = "127.0.0.1", Engine = PacketEngine.Epoll, FirstPort = port, LastPort = port + 1 };
        await using var plane = await MediaPlane.StartAsync(options, TimeProvider.System, NullLogger<MediaPlane>.Instance);
        Assert.Null(plane.TryOpenLeg());
        Assert.Equal(0, plane.OpenLegs);
    }

    [Fact]
    public async Task Throwing_handler_does_not_deafen_the_others()
    {
        await using var plane = await StartAsync(PacketEngine.Epoll);
        using var alice = new UdpPeer();
        var heard = new TaskCompletionSource();
        var bad = plane.TryOpenLeg(_ => throw new InvalidOperationException("a fault of the caller"))!;
        var good = plane.TryOpenLeg(_ => heard.TrySetResult())!;
        bad.SetRemote(alice.Agreement((AudioCodec.Pcma, 8)));
        good.SetRemote(alice.Agreement((AudioCodec.Pcma, 8)));
        alice.Send(bad, 8, 1, 0, [1]);
        await bad.GetStatisticsAsync();
        alice.Send(good, 8, 1, 0, [1]);
        await heard.Task.WaitAsync(Deadline);
    }

    [Fact]
    public void Wrong_options_are_all_named()
    {
        var errors = new MediaOptions { BindAddress = "x", FirstPort = 5, LastPort = 4, QuarantineSeconds = -1, LatchSeconds = 99 }.Validate();
        Assert.Equal(6, errors.Count);
        Assert.Contains(new MediaOptions().Validate(), error => error.Contains("PublicAddress", StringComparison.Ordinal)); // a wildcard is no address to announce
        Assert.Empty(new MediaOptions { PublicAddress = "192.0.2.1" }.Validate());
    }

    private static async Task<MediaEvent> NextAsync(Channel<MediaEvent> events) => await events.Reader.ReadAsync().AsTask().WaitAsync(Deadline);

    internal static async Task<MediaPlane> StartAsync(PacketEngine engine, int shards = 0, MediaOptions? options = null)
    {
        try
        {
            options ??= new MediaOptions { BindAddress = "127.0.0.1" };
            (options.Engine, options.QuarantineSeconds, options.Shards) = (engine, 0, shards);
            return await MediaPlane.StartAsync(options, TimeProvider.System, NullLogger<MediaPlane>.Instance);
        }
        catch (IOException refusal) when (engine == PacketEngine.IoUring)
        {
            Assert.Skip($"This kernel or container has no io_uring for us: {refusal.Message}");
            throw;
        }
    }

    private static MediaLeg Open(MediaPlane plane) => plane.TryOpenLeg() ?? throw new InvalidOperationException("No port was left.");
}
