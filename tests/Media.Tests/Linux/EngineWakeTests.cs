using ClickToDial.Media.Linux;
using ClickToDial.Media.Plane;

namespace ClickToDial.Media.Tests.Linux;

public sealed class EngineWakeTests
{
    private const long Minute = 60_000_000_000;

    public static TheoryData<PacketEngine> Engines => [PacketEngine.Epoll, PacketEngine.IoUring];

    [Theory, MemberData(nameof(Engines))]
    public async Task Wake_that_comes_while_commands_are_carried_out_ends_the_next_wait(PacketEngine kind)
    {
        var refusal = await Task.Run(() => // one thread: an engine belongs to it
        {
            try
            {
                using IPacketEngine engine = kind == PacketEngine.Epoll ? new EpollEngine(Clock, TimeSpan.Zero) : new UringEngine(Clock, TimeSpan.Zero);
                var sink = new WakingSink(engine);
                engine.Wake();
                while (sink.Batches < 4) engine.Wait(Minute, sink);
                return null;
            }
            catch (IOException reason) when (kind == PacketEngine.IoUring)
            {
                return reason.Message;
            }
        }).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.SkipWhen(refusal is not null, $"This kernel or container has no io_uring for us: {refusal}");
    }

    private static MediaClock Clock => new(TimeProvider.System);

    // As when somebody posts a command just after the shard has looked for them.
    private sealed unsafe class WakingSink(IPacketEngine engine) : IPacketSink
    {
        public int Batches { get; private set; }

        public void BeginBatch()
        {
            Batches++;
            engine.Wake();
        }

        public void OnPacket(ulong key, byte* data, int length, in SocketName from) => Assert.Fail("Nothing was sent.");

        public void OnReleased(ulong key) => Assert.Fail("Nothing was released.");
    }
}
