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

    internal static async Task<MediaPlane> StartAsync(PacketEngine engine)
    {
        try
        {
            var options = new MediaOptions { BindAddress = "127.0.0.1", Engine = engine, QuarantineSeconds = 0 };
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
