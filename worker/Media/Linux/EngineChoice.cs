using ClickToDial.Media.Plane;
using Microsoft.Extensions.Logging;

namespace ClickToDial.Media.Linux;

/// <summary>
/// Makes the engine the options ask for, on the thread that will own it. Whether io_uring may be used is not to be read
/// anywhere: containers forbid it by seccomp (EPERM), old kernels lack it (ENOSYS, EINVAL); so it is tried.
/// </summary>
internal sealed class EngineChoice(MediaOptions options, MediaClock clock, ILogger logger)
{
    private volatile string _reason = "not chosen yet";

    /// <summary>Why the last engine is the one it is, for the log.</summary>
    public string Reason => _reason;

    public IPacketEngine Create()
    {
        var coalesce = TimeSpan.FromMicroseconds(options.CoalesceMicroseconds);
        if (options.Engine == PacketEngine.Epoll)
        {
            _reason = "asked for by Media:Engine";
            return new EpollEngine(clock, coalesce);
        }
        try
        {
            var engine = new UringEngine(clock, coalesce);
            _reason = options.Engine == PacketEngine.Auto ? "the kernel allows it" : "asked for by Media:Engine";
            return engine;
        }
        catch (IOException refusal) when (options.Engine == PacketEngine.Auto)
        {
            _reason = $"io_uring is refused: {refusal.Message}";
            MediaLog.EngineFallback(logger, refusal.Message);
            return new EpollEngine(clock, coalesce);
        }
    }
}
