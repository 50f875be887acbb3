using ClickToDial.Media.Plane;
using Microsoft.Extensions.Logging;

namespace ClickToDial.Media.Linux;

/// <summary>
/// Makes the engine the options ask for, on the thread that will own it. Whether io_uring may be used is not to be read
/// anywhere: containers forbid it by seccomp (EPERM), old kernels lack it (ENOSYS, EINVAL); so it is tried.
/// </summary>
internal sealed class EngineChoice(MediaOptions options, MediaClock clock, ILogger logger)
{
    public IPacketEngine Create()
    {
        var coalesce = TimeSpan.FromMicroseconds(options.CoalesceMicroseconds);
        if (options.Engine == PacketEngine.Epoll) return new EpollEngine(clock, coalesce);
        try
        {
            return new UringEngine(clock, coalesce);
        }
        catch (IOException refusal) when (options.Engine == PacketEngine.Auto)
        {
            MediaLog.EngineFallback(logger, refusal.Message);
            return new EpollEngine(clock, coalesce);
        }
    }
}
