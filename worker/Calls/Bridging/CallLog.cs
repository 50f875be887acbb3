using ClickToDial.Contracts.Calls;
using ClickToDial.Media.Plane;
using Microsoft.Extensions.Logging;

namespace ClickToDial.Calls.Bridging;

internal static partial class CallLog
{
    [LoggerMessage(5301, LogLevel.Error, "Call {CallId} failed in phase {Phase} by a defect")]
    public static partial void Fault(ILogger logger, CallId callId, CallPhase phase, Exception exception);

    [LoggerMessage(5302, LogLevel.Information, "Call {CallId} ended: {Result}, {Reason}")]
    public static partial void Ended(ILogger logger, CallId callId, CallResult result, string reason);

    [LoggerMessage(5304, LogLevel.Warning, "A call that a device dialled was refused: {Reason}")]
    public static partial void DialRefused(ILogger logger, string reason);

    [LoggerMessage(5305, LogLevel.Warning, "Call {CallId}: the way to a browser is lost ({Fault})")]
    public static partial void PathLost(ILogger logger, CallId callId, PathFault fault);

    [LoggerMessage(5306, LogLevel.Information, "Call {CallId}: a phone sent it on, which was not followed ({Rule})")]
    public static partial void NotFollowed(ILogger logger, CallId callId, string rule);

    [LoggerMessage(5303, LogLevel.Error, "Call {CallId} could not be begun or told of")]
    public static partial void Untold(ILogger logger, CallId callId, Exception exception);
}
