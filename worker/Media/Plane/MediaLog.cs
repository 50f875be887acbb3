using ClickToDial.Media.Codecs;
using Microsoft.Extensions.Logging;

namespace ClickToDial.Media.Plane;

internal static partial class MediaLog
{
    [LoggerMessage(4001, LogLevel.Information, "Media plane up: {Shards} shard(s), engine {Engine} ({Reason}), ports {FirstPort}-{LastPort}")]
    public static partial void Started(ILogger logger, int shards, string engine, string reason, int firstPort, int lastPort);

    [LoggerMessage(4002, LogLevel.Information, "io_uring is not available ({Reason}); epoll moves the packets")]
    public static partial void EngineFallback(ILogger logger, string reason);

    [LoggerMessage(4003, LogLevel.Critical, "A media shard died")]
    public static partial void ShardDied(ILogger logger, Exception fault);

    [LoggerMessage(4004, LogLevel.Error, "A handler of media events threw")]
    public static partial void HandlerThrew(ILogger logger, Exception fault);

    [LoggerMessage(4005, LogLevel.Warning, "No media port could be opened: {InUse} of {Capacity} pairs are in use, resting or taken by others")]
    public static partial void NoPort(ILogger logger, int inUse, int capacity);

    [LoggerMessage(4009, LogLevel.Warning, "{Ports} media ports were given again before they had rested {Seconds} s: the range of {Capacity} pairs is small for so many calls")]
    public static partial void PortsScarce(ILogger logger, long ports, int seconds, int capacity);

    [LoggerMessage(4010, LogLevel.Warning,
        "The receive buffer of the port for browsers has {Granted} bytes, as net.core.rmem_max allows no more, and not {Wanted}: a burst beyond that is lost")]
    public static partial void SmallReceiveBuffer(ILogger logger, int granted, int wanted);

    [LoggerMessage(4006, LogLevel.Warning, "Media events are lost: their handlers do not keep up")]
    public static partial void EventLost(ILogger logger);

    [LoggerMessage(4007, LogLevel.Error, "A stream could not be transcoded from {From} to {To} and is silent")]
    public static partial void TranscodingFailed(ILogger logger, SpeechCodec from, SpeechCodec to, Exception fault);

    [LoggerMessage(4008, LogLevel.Warning, "A browser's TCP connection could not be accepted, and those after it wait until that works again: {Error}")]
    public static partial void TcpAcceptFailed(ILogger logger, System.Net.Sockets.SocketError error);
}
