using ClickToDial.Contracts.Calls;
using Microsoft.Extensions.Logging;

namespace ClickToDial.Calls.Events;

internal static partial class EventLog
{
    [LoggerMessage(5001, LogLevel.Warning, "{Count} calls were open when an earlier worker died; closed")]
    public static partial void LostCallsClosed(ILogger logger, int count);

    [LoggerMessage(5002, LogLevel.Error, "The event spool cannot be written; trying again")]
    public static partial void DiskRefuses(ILogger logger, Exception exception);

    [LoggerMessage(5003, LogLevel.Error, "Events not yet on disk were given up at the end of the process")]
    public static partial void Abandoned(ILogger logger);

    [LoggerMessage(5004, LogLevel.Warning, "Spool segment {Segment} ends in {Bytes} bytes that are no record")]
    public static partial void SegmentDamaged(ILogger logger, int segment, long bytes);

    [LoggerMessage(5005, LogLevel.Warning, "Events of call {CallId} are not accepted ({Verdict}); trying again")]
    public static partial void PostFailed(ILogger logger, CallId callId, PostVerdict verdict);

    [LoggerMessage(5007, LogLevel.Error, "The event spool cannot be read or acknowledged; trying again")]
    public static partial void SpoolUnreadable(ILogger logger, Exception exception);

    [LoggerMessage(5006, LogLevel.Information, "Events are accepted again")]
    public static partial void PostsResumed(ILogger logger);
}
