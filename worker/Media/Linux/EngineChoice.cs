using ClickToDial.Media.Plane;
using Microsoft.Extensions.Logging;

namespace ClickToDial.Media.Linux;

/// <summary>Makes the engine the options ask for.</summary>
internal sealed class EngineChoice(MediaOptions options, MediaClock clock, ILogger logger)
{
    public IPacketEngine Create()
    {
        _ = logger;
        return new EpollEngine(clock, TimeSpan.FromMicroseconds(options.CoalesceMicroseconds));
    }
}
